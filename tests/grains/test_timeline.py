"""Sounds that overlap add up, in pieces of any size."""

import numpy as np
import pytest

from vsg_tf.grains.timeline import Timeline


@pytest.mark.parametrize("size", [1, 7, 64])
def test_pieces_are_the_sum(size):
    expected = np.zeros((64, 2), np.float32)
    timeline = Timeline(2)
    for start, length in ((-3, 10), (5, 20), (40, 100)):
        timeline.add(start, np.ones((length, 2), np.float32))
        expected[max(0, start) : start + length] += 1
    pieces = []
    while timeline.position < 64:
        pieces.append(timeline.pull(min(size, 64 - timeline.position)))
    np.testing.assert_array_equal(np.concatenate(pieces), expected)


def test_what_is_past_is_lost():
    timeline = Timeline(1)
    timeline.pull(10)
    timeline.add(5, np.arange(10, dtype=np.float32)[:, None])
    np.testing.assert_array_equal(timeline.pull(6)[:, 0], [5, 6, 7, 8, 9, 0])
