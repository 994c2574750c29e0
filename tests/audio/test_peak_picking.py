"""The onset picker against librosa's, whose rules it has."""

import librosa
import numpy as np
import pytest

from vsg_tf.audio.peak_picking import pick_onsets
from vsg_tf.timebase import TimeBase

GRID = TimeBase()


@pytest.mark.parametrize("frames", [2, 3, 17, 860, 861])
@pytest.mark.parametrize("hop", [128, 256, 512])
def test_same_onsets_as_librosa(frames, hop):
    generator = np.random.default_rng(frames)
    strength = generator.gamma(0.5, size=frames).astype(np.float32)
    strength[: frames // 3] = np.round(strength[: frames // 3])  # equal neighbours
    expected = librosa.onset.onset_detect(
        onset_envelope=strength, sr=GRID.sample_rate, hop_length=hop
    )
    found = pick_onsets(strength, GRID.sample_rate / hop)
    np.testing.assert_array_equal(found, expected)
    assert len(found) or frames < 17


@pytest.mark.parametrize("frames", [0, 1, 100])
def test_a_constant_curve_has_no_onsets(frames):
    assert len(pick_onsets(np.full(frames, 0.3, np.float32), GRID.mel_rate)) == 0
