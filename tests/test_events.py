"""Event tracks: order, cropping, tensors."""

import numpy as np

from vsg_tf.events import EventTrack


def _track():
    return EventTrack(np.array([2.0, 0.5]), np.array([0.4, 1.0]), np.array([0.3, 0.1]))


def test_events_are_ordered_by_time():
    np.testing.assert_array_equal(_track().times, [0.5, 2.0])
    np.testing.assert_array_equal(_track().strengths, [1.0, 0.4])


def test_crop_counts_times_from_its_start():
    cropped = _track().crop(1.5, 3.0)
    np.testing.assert_array_equal(cropped.times, [0.5])


def test_array_keeps_the_strongest():
    np.testing.assert_allclose(_track().to_array(1), [[0.5, 1.0, 0.1]])
    assert _track().to_array(4).shape == (4, 3)
