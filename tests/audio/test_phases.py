"""Phases that look random and are the same everywhere."""

import numpy as np
import tensorflow as tf

from vsg_tf.audio.phases import SEEDS, TURN, initial_turns, phase_steps


def test_tensorflow_draws_the_same_bits():
    turns = initial_turns(SEEDS - 1, 7, 513)

    @tf.function
    def steps(seed):
        return phase_steps(tf.cast(tf.range(7 * 513), tf.uint32), tf.cast(seed, tf.uint32)[None])

    drawn = steps(tf.constant(SEEDS - 1, tf.int32)).numpy()
    np.testing.assert_array_equal(drawn.reshape(7, 513), turns * TURN)


def test_uniform_and_uncorrelated():
    turns = initial_turns(3, 1000, 129)
    assert turns.dtype == np.float32 and turns.min() >= 0 and turns.max() < 1
    shares = np.histogram(turns, 20, (0, 1))[0] / turns.size
    assert np.abs(shares - 0.05).max() < 0.003
    for other in (turns[1:, :], turns[:, 1:], initial_turns(4, 1000, 129)):
        rows, columns = other.shape
        assert abs(np.corrcoef(turns[:rows, :columns].ravel(), other.ravel())[0, 1]) < 0.01


def test_first_frames_do_not_depend_on_the_length():
    np.testing.assert_array_equal(initial_turns(1, 50, 33)[:20], initial_turns(1, 20, 33))
