"""Steady noise goes; what stands out of it, and what is noise itself, stays."""

import numpy as np
import pytest

from tests.grains.sounds import RATE, STRIKES, rain, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.grains.cleaning import clean_waveform
from vsg_tf.grains.noise import find_noise

BETWEEN = slice(round(2.1 * RATE), round(2.5 * RATE))


def _cleaned(sound):
    noise = find_noise(sound.waveform, RATE)
    assert noise is not None
    return clean_waveform(sound.waveform, RATE, noise)


@pytest.mark.parametrize("noise", [0.003, 0.01, 0.05])
def test_noise_between_sounds_is_lowered_by_more_than_15_db(noise):
    sound = strikes(noise)
    made = _cleaned(sound)
    assert rms_db(made[BETWEEN]) < rms_db(sound.waveform[BETWEEN]) - 20


@pytest.mark.parametrize("noise", [0.003, 0.01, 0.05])
def test_sounds_come_nearer_to_the_clean_ones(noise):
    clean, noisy = strikes(), strikes(noise)
    made = _cleaned(noisy)
    for start in STRIKES:
        part = slice(round(start * RATE), round((start + 0.4) * RATE))
        before = np.sum((noisy.waveform[part] - clean.waveform[part]) ** 2)
        assert np.sum((made[part] - clean.waveform[part]) ** 2) < 0.7 * before


def test_attacks_are_untouched():
    sound = strikes(noise=0.01)
    attack = slice(round(STRIKES[3] * RATE), round((STRIKES[3] + 0.05) * RATE))
    wanted, kept = sound.waveform[attack], _cleaned(sound)[attack]
    assert np.sum((wanted - kept) ** 2) < 1e-3 * np.sum(wanted**2)


def test_what_is_left_of_the_noise_does_not_flicker():
    """Musical noise is a few loud bins; what is left is as even as the noise was."""
    sound = strikes(noise=0.01)

    def peakiness(waveform):
        frames = waveform[BETWEEN, 0][: 32 * 512].reshape(32, 512) * np.hanning(512)
        power = np.abs(np.fft.rfft(frames, axis=1)[:, 4:-4]) ** 2
        return 10 * np.log10(np.percentile(power, 99.5) / power.mean())

    assert peakiness(_cleaned(sound)) < peakiness(sound.waveform) + 3


def test_sounds_without_a_background_have_none():
    assert find_noise(strikes().waveform, RATE) is None
    at = np.arange(2 * RATE)[:, None] / RATE
    decaying = np.random.default_rng(0).normal(size=(2 * RATE, 1)) * np.exp(-at / 0.25)
    assert find_noise(decaying, RATE) is None


def test_what_lasts_is_no_background():
    assert find_noise(rain().waveform, RATE) is None


def test_stereo_keeps_its_sides():
    made = _cleaned(strikes(noise=0.01, channels=2))
    np.testing.assert_allclose(made[:, 1], 0.5 * made[:, 0], atol=1e-6)
