"""Single sounds are found where they are, and told from sounds that go on."""

import numpy as np
import pytest

from tests.grains.sounds import LEVELS, RATE, STRIKES, material_of, rain, strikes
from vsg_tf.grains.segments import FAINT_DB, are_separate


def test_each_strike_is_a_segment_with_its_level():
    segments = material_of(strikes()).segments
    np.testing.assert_allclose([one.start for one in segments], STRIKES, atol=0.02)
    levels = np.array([one.level for one in segments])
    expected = 20 * np.log10(np.array(LEVELS) / max(LEVELS))
    assert expected.min() > FAINT_DB
    np.testing.assert_allclose(levels - levels.max(), expected, atol=1.5)
    assert all(0.1 < one.length < 0.6 for one in segments)


def test_a_sound_begins_with_the_attack_that_leads_to_its_loudest_moment():
    sound = strikes()
    sound.waveform[round(1.25 * RATE) : round(1.3 * RATE)] += 0.05 * np.sin(
        np.arange(round(1.3 * RATE) - round(1.25 * RATE))[:, None] / 5
    )
    segments = material_of(sound).segments
    assert np.abs(np.array([one.start for one in segments]) - 1.4).min() < 0.02


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_strikes_are_separate(noise):
    sound = strikes(noise)
    assert are_separate(sound.waveform, sound.sample_rate)


def test_rain_goes_on_unless_there_is_too_little_of_it():
    assert not are_separate(rain().waveform, RATE)
    assert are_separate(rain(1.0).waveform, RATE)


@pytest.mark.parametrize("samples", [1, 100, 2500])
def test_a_very_short_sound_is_one_segment(samples):
    sound = strikes()
    start = round(STRIKES[1] * RATE)
    short = type(sound)(sound.waveform[start : start + samples], RATE)
    assert len(material_of(short).segments) == 1
