"""Nothing passes the ceiling, what is below it stays, and gains change smoothly."""

import numpy as np
import pytest

from vsg_tf.audio.limiter import Limiter
from vsg_tf.audio.true_peak import true_peak_db

RATE = 48_000


def _limited(wave, pieces=7, ceiling=-1.0):
    limiter = Limiter(RATE, wave.shape[1], ceiling)
    parts = [limiter.process(part) for part in np.array_split(wave, pieces)]
    return np.concatenate([*parts, limiter.flush()]), limiter


def _noise(seconds=2.0, channels=2, level=0.1):
    return level * np.random.default_rng(0).normal(size=(round(seconds * RATE), channels))


def test_quiet_sounds_pass_untouched():
    wave = _noise().clip(-0.4, 0.4).astype(np.float32)
    made, limiter = _limited(wave)
    np.testing.assert_array_equal(made, wave)
    assert limiter.most_db == 0 and limiter.limited_s == 0


@pytest.mark.parametrize("pieces", [1, 3, 50])
def test_no_true_peak_passes_the_ceiling(pieces):
    wave = _noise(level=0.5)
    made, limiter = _limited(wave, pieces)
    assert made.shape == wave.shape
    assert true_peak_db(made) <= -1.0
    assert limiter.most_db > 3


def test_a_peak_between_samples_is_seen():
    at = np.arange(RATE)
    wave = np.sin(2 * np.pi * (at + 0.5) / 4)[:, None].astype(np.float32)  # peaks between
    assert np.abs(wave).max() < 0.71
    assert true_peak_db(wave[1000:-1000]) == pytest.approx(0, abs=0.1)
    made, _ = _limited(wave)
    assert true_peak_db(made[1000:-1000]) == pytest.approx(-1.05, abs=0.1)


def test_only_what_is_near_a_peak_is_lowered():
    wave = np.full((2 * RATE, 1), 0.2, np.float32)
    wave[RATE] = 1.5
    made, limiter = _limited(wave, 9)
    gain = made[:, 0] / wave[:, 0]
    assert (gain[: RATE - round(0.006 * RATE)] == 1).all()
    assert gain[-1] == 1 and gain.min() < 0.7
    assert np.abs(np.diff(gain)).max() < 0.01  # no click
    assert 0.01 < limiter.limited_s < 0.4


def test_pieces_do_not_matter():
    wave = _noise(level=0.4)
    np.testing.assert_allclose(_limited(wave, 1)[0], _limited(wave, 31)[0], atol=2e-3)
