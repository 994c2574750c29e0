"""Events get segments of their own rank, in turn, at the level that they ask for."""

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.grains.matching import available_seconds, event_gains, match
from vsg_tf.grains.segments import Segment

SEGMENTS = [Segment(start, start + 0.3, level) for start, level in ((0, -30), (1, -10), (2, -20))]


def _track(strengths, gap=1.0, duration=0.3):
    count = len(strengths)
    return EventTrack(np.arange(count) * gap, np.array(strengths), np.full(count, duration))


def test_rank_of_strength_decides():
    track = _track([0.2, 1.0, 0.6])
    np.testing.assert_array_equal(match(track, track.durations, SEGMENTS), [0, 1, 2])


def test_length_decides_between_equal_levels():
    segments = [Segment(0, 0.1, -10), Segment(1, 1.9, -10)]
    track = _track([1.0, 1.0])
    np.testing.assert_array_equal(match(track, np.array([0.9, 0.1]), segments), [1, 0])


def test_equal_segments_take_turns():
    segments = [Segment(at, at + 0.3, -10) for at in range(3)]
    track = _track([1.0] * 6)
    chosen = match(track, track.durations, segments)
    assert np.all(np.diff(chosen) != 0) and set(chosen) == {0, 1, 2}


def test_gain_brings_the_segment_to_the_strength():
    track = _track([1.0, 0.5])
    # The strongest event is as loud as the loudest segment; 0.5 is 15 dB below.
    gains = event_gains(track, np.array([2, 2]), SEGMENTS)
    np.testing.assert_allclose(gains, [10.0, -5.0])


def test_a_sound_ends_with_its_event_or_with_the_next():
    track = _track([1.0, 1.0, 1.0], gap=0.5, duration=0.8)
    np.testing.assert_allclose(available_seconds(track, 1.2), [0.5, 0.5, 0.2])
