import librosa
import numpy as np
import pytest

from tests.metrics.signals import RATE, clicks, noise
from vsg_tf.metrics.timbre import (
    loudest_frames,
    mean_mel_correlation,
    mfcc_distance,
    mfcc_statistics,
)


def test_neither_level_nor_order_matters():
    sound = clicks([0.5, 1.5, 2.5])
    moved = clicks([0.2, 0.9, 3.0])
    assert mfcc_distance(sound, 0.1 * sound, RATE) == pytest.approx(0, abs=0.1)
    assert mfcc_distance(sound, moved, RATE) < 0.5
    assert mean_mel_correlation(sound, moved, RATE) > 0.99


def test_other_timbres_are_far():
    sound, other = clicks([0.5, 1.5], frequency=400), clicks([0.5, 1.5], frequency=4000)
    assert mfcc_distance(sound, other, RATE) > 5 * mfcc_distance(
        sound, clicks([1, 2, 3], frequency=400), RATE
    )
    assert mean_mel_correlation(sound, other, RATE) < 0.5


def test_statistics_against_librosa():
    sound = noise(2.0)
    frames = loudest_frames(sound, RATE)
    assert frames.shape == (17, 80)
    coefficients = librosa.feature.mfcc(S=frames.T, n_mfcc=20, dct_type=2, norm="ortho")
    statistics = mfcc_statistics(sound, RATE)
    np.testing.assert_allclose(statistics[:19], coefficients[1:].mean(1), rtol=1e-5)
    np.testing.assert_allclose(statistics[19:], coefficients[1:].std(1), rtol=1e-5)


def test_the_loudest_tenth_is_where_the_sound_is():
    sound = np.zeros(4 * RATE, np.float32)
    sound[RATE : RATE + 4000] = noise(4000 / RATE)
    assert loudest_frames(sound, RATE).mean() > loudest_frames(0.001 * noise(4), RATE).mean() - 40
    assert len(loudest_frames(sound, RATE)) == 34


def test_silence_gives_numbers():
    silent, sound = np.zeros(RATE, np.float32), noise(1)
    assert np.isfinite(mfcc_distance(silent, sound, RATE))
    assert mfcc_distance(silent, silent, RATE) == 0
    assert mean_mel_correlation(silent, sound, RATE) == 0
