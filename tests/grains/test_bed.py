"""Room tone is as loud as the recording's, endless, and the same for the same seed."""

import numpy as np
import pytest

from tests.grains.sounds import RATE, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.grains.background import BED_DB, Background, closeness
from vsg_tf.grains.bed import RoomTone

NOISE_DB = -40.0


@pytest.fixture(scope="module")
def noisy():
    return strikes(noise=10 ** (NOISE_DB / 20), channels=2)


def _tone(sound, seed=0):
    return RoomTone(sound.waveform, RATE, seed)


def test_level_is_that_of_the_quiet_moments(noisy):
    tone = _tone(noisy)
    made = tone.take(20 * RATE)
    assert made.shape == (20 * RATE, 2)
    assert rms_db(made[:, 0]) == pytest.approx(NOISE_DB, abs=1)
    assert rms_db(made[:, 1]) == pytest.approx(NOISE_DB - 6, abs=1)
    seconds = made[:, 0].reshape(40, -1)
    assert np.ptp([rms_db(second) for second in seconds]) < 2


def test_pieces_add_up_and_the_seed_decides(noisy):
    whole = _tone(noisy).take(9000)
    tone = _tone(noisy)
    np.testing.assert_array_equal(np.concatenate([tone.take(n) for n in (1, 8000, 999)]), whole)
    assert not np.array_equal(_tone(noisy, seed=1).take(9000), whole)


def test_silence_between_sounds_gives_no_tone():
    assert rms_db(_tone(strikes()).take(RATE)) < -100


def test_background_is_monotone_over_more_than_50_db(noisy):
    far, close = np.zeros(2 * RATE), np.ones(2 * RATE)
    levels = [rms_db(Background(_tone(noisy), b, -0.9).take(far)[:, 0]) for b in (0, 0.5, 1)]
    assert levels[0] < -150 and levels[0] + 50 < levels[1] < levels[2] - 10
    assert levels[2] == pytest.approx(NOISE_DB, abs=1)
    bed = rms_db(Background(_tone(noisy), 0.0, -0.9).take(close))
    assert bed == pytest.approx(-0.9 + BED_DB, abs=0.5)


def test_closeness_fades_around_sounds():
    times = np.arange(0, 3, 0.01)
    close = closeness(times, np.array([[1.0, 1.5]]))
    assert close[100:150].min() == 1 and close[:85].max() == 0 and close[180:].max() == 0
    assert np.abs(np.diff(close)).max() < 0.11
