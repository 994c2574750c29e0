"""Picked events stand where the curves have their peaks."""

import numpy as np

from tests.event_lists import read_events, write_events
from vsg_tf.config import EventsConfig
from vsg_tf.timebase import TimeBase
from vsg_tf.timing.picture import pick_events, timing_from_curves

BASE = TimeBase()


def _logits(times, strengths, seconds=8.0, decay=0.3):
    count = BASE.feature_frames_for(seconds)
    at = BASE.feature_times(count)
    curves = np.zeros((count, 3))
    for time, strength in zip(times, strengths, strict=True):
        bump = np.exp(-0.5 * ((at - time) / 0.045) ** 2)
        tail = np.where(at >= time - 0.03, np.exp(-(at - time) / decay), 0) * strength
        curves[:, 0] = np.maximum(curves[:, 0], tail)
        curves[:, 1] = np.maximum(curves[:, 1], bump)
        curves[:, 2] = np.maximum(curves[:, 2], bump * strength)
    curves = np.clip(curves, 0.01, 0.99)
    return np.log(curves / (1 - curves))


def test_times_and_order_of_strengths_are_found():
    times, strengths = np.array([0.7, 1.93, 3.4, 6.01]), np.array([1.0, 0.4, 0.7, 0.9])
    track = pick_events(_logits(times, strengths), BASE, EventsConfig())
    np.testing.assert_allclose(track.times, times, atol=0.02)
    np.testing.assert_array_equal(np.argsort(track.strengths), np.argsort(strengths))


def test_longer_decay_gives_longer_duration():
    short = pick_events(_logits([2.0], [1.0], decay=0.1), BASE, EventsConfig())
    long = pick_events(_logits([2.0], [1.0], decay=0.5), BASE, EventsConfig())
    assert long.durations[0] > 2 * short.durations[0]


def test_the_list_is_played_as_it_is_written(tmp_path):
    track = pick_events(_logits([0.7, 2.0, 3.1], [1.0, 0.7, 0.5]), BASE, EventsConfig())
    write_events(tmp_path / "events.csv", track)
    assert all(
        len(cell) <= 6 for cell in (tmp_path / "events.csv").read_text().split()[1].split(",")
    )
    np.testing.assert_array_equal(read_events(tmp_path / "events.csv").to_array(), track.to_array())


def test_still_picture_has_no_events():
    flat = np.full((100, 3), -4.0)
    assert len(pick_events(flat, BASE, EventsConfig())) == 0


def test_close_peaks_are_one_event():
    track = pick_events(_logits([2.0, 2.09], [1.0, 0.8]), BASE, EventsConfig(min_gap=0.2))
    assert len(track) == 1


def test_the_level_curve_is_the_predicted_envelope():
    logits = _logits([2.0, 5.0], [1.0, 0.5])
    timing = timing_from_curves(logits, BASE, EventsConfig(enabled=True), 8.0)
    assert timing.estimated and timing.duration_s == 8.0
    np.testing.assert_array_equal(
        timing.events.times, pick_events(logits, BASE, EventsConfig(enabled=True)).times
    )
    assert timing.level.db.max() == 0 and timing.level.db.min() >= -45
    loud, between = timing.level.at(np.array([2.05, 4.5]))
    assert loud > -3 and between < -20
    assert timing.level.at(np.array([-1.0, 9.0])).tolist() == [-80, -80]
