"""A copy is found where it is."""

import numpy as np

from vsg_tf.grains.likeness import best_offset


def test_best_offset_finds_a_copy():
    noise = np.random.default_rng(0).normal(size=500)
    assert best_offset(noise[137:237], noise) == 137


def test_nothing_to_search_in():
    assert best_offset(np.ones(5), np.ones(5)) == 0
