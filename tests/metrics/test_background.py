import numpy as np
import pytest

from tests.metrics.signals import RATE, clicks, noise
from vsg_tf.metrics.background import background_leak, noise_floor

EVENTS = clicks([0.5, 1.5, 2.5])
HISS = noise(4.0, seed=3, level=0.01)


def test_floor_of_known_sounds():
    t = np.arange(RATE) / RATE
    burst = np.sin(2 * np.pi * 1000 * t)
    burst[RATE // 2 :] *= 0.01
    assert noise_floor(burst) == pytest.approx(-40, abs=0.1)
    assert noise_floor(np.sin(2 * np.pi * 1000 * t)) == pytest.approx(0, abs=0.1)
    assert noise_floor(np.zeros(RATE)) == noise_floor(np.zeros(0)) == -120
    assert noise_floor(0.2 * burst) == pytest.approx(noise_floor(burst), abs=1e-3)


@pytest.mark.parametrize("gain_db", [0.0, -10.0, -20.0])
def test_leak_of_a_known_part(gain_db):
    made = clicks([0.3, 1.1, 3.0]) + 10 ** (gain_db / 20) * noise(4.0, seed=9, level=0.01)
    leak = background_leak(0.4 * made, EVENTS, HISS, RATE)
    assert leak == pytest.approx(gain_db, abs=1.5)


def test_no_leak_and_nothing_to_leak():
    assert background_leak(clicks([0.3, 1.1, 3.0]), EVENTS, HISS, RATE) < -40
    assert background_leak(np.zeros(RATE), EVENTS, HISS, RATE) == -120
    assert np.isnan(background_leak(EVENTS, EVENTS, np.zeros(RATE), RATE))


def test_a_floor_of_another_colour_is_not_leak():
    t = np.arange(4 * RATE) / RATE
    hum = 0.02 * np.sin(2 * np.pi * 100 * t)
    white = background_leak(EVENTS + HISS, EVENTS, HISS, RATE)
    assert background_leak(EVENTS + hum, EVENTS, HISS, RATE) < white - 6
