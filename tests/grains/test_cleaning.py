"""Steady noise goes; what stands out of it, and what is noise itself, stays."""

import numpy as np

from tests.grains.sounds import RATE, STRIKES, rain, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.grains.cleaning import clean_waveform


def _between(waveform):
    return waveform[round(2.1 * RATE) : round(2.4 * RATE)]


def test_noise_between_sounds_is_lowered_and_attacks_are_kept():
    sound = strikes(noise=0.01)
    made = clean_waveform(sound.waveform, RATE)
    assert rms_db(_between(made)) < rms_db(_between(sound.waveform)) - 10
    attack = slice(round(STRIKES[3] * RATE), round((STRIKES[3] + 0.08) * RATE))
    wanted, kept = sound.waveform[attack], made[attack]
    assert np.sum((wanted - kept) ** 2) < 1e-3 * np.sum(wanted**2)


def test_steady_sounds_stay_as_they_are():
    sound = rain()
    assert rms_db(clean_waveform(sound.waveform, RATE) - sound.waveform) < -60


def test_stereo_keeps_its_sides():
    made = clean_waveform(strikes(noise=0.01, channels=2).waveform, RATE)
    np.testing.assert_allclose(made[:, 1], 0.5 * made[:, 0], atol=1e-6)
