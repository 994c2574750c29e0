"""Sounds die away; what they are up to their loudest moment stays."""

import numpy as np
import pytest

from vsg_tf.grains.settling import settle

RATE = 44_100
KEEP = 0.1  # s


def _bursts(*levels_db: float) -> np.ndarray:
    """Noise of 0.15 s a level, `[samples, 2]`."""
    noise = np.random.default_rng(0).normal(size=(len(levels_db), round(0.15 * RATE), 2))
    gains = 10 ** (np.array(levels_db) / 20)
    return (0.1 * noise * gains[:, None, None]).reshape(-1, 2).astype(np.float32)


def _levels(waveform: np.ndarray) -> np.ndarray:
    """Level of the inside of each burst, dB."""
    parts = waveform.reshape(-1, round(0.15 * RATE), 2)[:, RATE // 50 : -RATE // 50]
    return 10 * np.log10(np.square(parts).mean(axis=(1, 2)))


def test_a_second_attack_is_no_louder_than_what_is_before_it():
    sound = _bursts(0, -20, -5, -30)
    before, after = _levels(sound), _levels(settle(sound, RATE, KEEP))
    np.testing.assert_allclose(after[[0, 1]], before[[0, 1]], atol=0.7)
    assert after[2] < before[2] - 12
    assert after[3] == pytest.approx(before[3], abs=2)


def test_a_sound_may_rise_to_its_loudest_moment():
    sound = _bursts(-20, -10, 0, -20)
    np.testing.assert_allclose(_levels(settle(sound, RATE, KEEP)), _levels(sound), atol=0.7)


def test_what_dies_away_by_itself_stays():
    at = np.arange(RATE // 2)[:, None] / RATE
    tone = np.sin(2 * np.pi * 700 * at) * np.exp(-at / 0.06)
    sound = tone.astype(np.float32)
    np.testing.assert_allclose(settle(sound, RATE, KEEP), sound, atol=2e-3)


@pytest.mark.parametrize("samples", [1, 500, round(KEEP * RATE)])
def test_what_is_kept_is_the_same(samples):
    sound = _bursts(0, -20)[:samples]
    np.testing.assert_array_equal(settle(sound, RATE, KEEP), sound)
