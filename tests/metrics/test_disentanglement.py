import numpy as np
import pytest

from tests.metrics.signals import RATE, clicks, noise
from vsg_tf.audio.onsets import envelope_from_audio
from vsg_tf.metrics.disentanglement import FACTORS, follow, follow_table, sound_distances
from vsg_tf.timebase import TimeBase

FIRST, SECOND = [0.4, 1.1, 2.9], [0.8, 1.9, 2.4]
TIMEBASE = TimeBase()


@pytest.fixture(scope="module")
def distances():
    def envelope(sound):
        return envelope_from_audio(sound, TIMEBASE, 86)

    return sound_distances(RATE, envelope, TIMEBASE.feature_rate)


@pytest.fixture(scope="module")
def truths():
    base = clicks(FIRST)
    return {
        "base": base,
        "timing": clicks(SECOND),
        "timbre": clicks(FIRST, frequency=300, decay=25),
        "background": base + noise(4.0, level=0.02),
    }


def test_places_on_a_line():
    def distance(first, second):
        return float(np.abs(first - second))

    assert follow(0.0, 1.0, 0.0, 1.0, distance) == 1
    assert follow(0.3, 0.3, 0.0, 1.0, distance) == 0
    assert follow(0.0, 0.5, 0.0, 1.0, distance) == 0.5
    assert follow(1.0, 0.0, 0.0, 1.0, distance) == -1
    assert np.isnan(follow(0.0, 1.0, 2.0, 2.0, distance))


def test_perfect_system_gives_the_identity(truths, distances):
    table = follow_table(truths, truths, distances)
    np.testing.assert_allclose(np.diag(table), 1, atol=1e-9)
    off = table[~np.eye(3, dtype=bool)]
    assert np.abs(off).max() < 0.35 and np.abs(off).mean() < 0.15


def test_a_system_that_ignores_its_inputs_gives_zeros(truths, distances):
    made = dict.fromkeys(truths, clicks([0.2, 2.0], frequency=900))
    np.testing.assert_allclose(follow_table(made, truths, distances), 0, atol=1e-9)


def test_entangled_factors_are_seen(truths, distances):
    made = {**truths, "timing": clicks(SECOND, frequency=300, decay=25)}
    table = follow_table(made, truths, distances)
    timing, timbre = FACTORS.index("timing"), FACTORS.index("timbre")
    assert table[timing, timing] > 0.8 and table[timing, timbre] > 0.7


def test_a_factor_without_control_is_unknown(truths, distances):
    made = {name: sound for name, sound in truths.items() if name != "background"}
    table = follow_table(made, truths, distances)
    assert np.isnan(table[2]).all() and not np.isnan(table[:2]).any()
