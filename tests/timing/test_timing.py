"""Timings moved in time."""

import numpy as np
import pytest

from vsg_tf.events import EventTrack
from vsg_tf.timing.timing import LevelCurve, Timing

TIMES = np.array([0.1, 1.0, 3.9])


def _timing():
    db = np.linspace(-60, 0, 400)
    return Timing(
        4.0, EventTrack(TIMES, np.ones(3), np.ones(3)), LevelCurve(100.0, db, db / 60 + 1)
    )


@pytest.mark.parametrize("seconds", [0.0, 0.05, -0.05, 0.2, -0.5, 0.0131, -0.0277, 5.0, -5.0])
def test_events_and_level_move_alike_and_stay_in_the_clip(seconds):
    moved = _timing().moved(seconds)
    inside = (TIMES + seconds >= 0) & (TIMES + seconds < 4)
    np.testing.assert_array_equal(moved.events.times, TIMES[inside] + seconds)
    at = np.arange(0.6, 3.5, 0.01)
    if abs(seconds) < 1:
        np.testing.assert_allclose(moved.level.at(at + seconds), _timing().level.at(at), atol=1e-9)
        shown = np.interp(
            at + seconds, np.arange(len(moved.level.db)) / 100, moved.level.brightness
        )
        known = np.interp(at, np.arange(400) / 100, _timing().level.brightness)
        np.testing.assert_allclose(shown, known, atol=1e-9)


def test_without_a_level_there_is_none():
    assert Timing(1.0, EventTrack.empty()).moved(0.3).level is None
