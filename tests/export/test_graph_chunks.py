"""Graphs of chunking against the NumPy original."""

import numpy as np
import pytest
import tensorflow as tf

from vsg_tf.export import graph_chunks
from vsg_tf.export.graph_waveform import join_waveforms
from vsg_tf.inference import chunking

SIZES = [
    (1, 10, 3),
    (10, 10, 3),
    (11, 10, 3),
    (17, 10, 3),
    (100, 10, 4),
    (101, 13, 0),
    (999, 65, 8),
]


@pytest.mark.parametrize("total, size, overlap", SIZES)
def test_plan_and_cross_fade(total, size, overlap):
    plan = graph_chunks.plan_chunks(tf.constant(total), size, overlap)
    own = chunking.plan_chunks(total, size, overlap)
    assert [(int(s), int(s + plan.length)) for s in plan.starts] == [(c.start, c.stop) for c in own]
    values = np.random.default_rng(total).normal(size=(len(own), 2, len(own[0]), 3))
    values = values.astype(np.float32)
    joined = graph_chunks.join_chunks(tf.constant(values), plan)
    for item in range(2):
        blocks = zip(own, values[:, item], strict=True)
        expected = np.concatenate(list(chunking.join_chunks(blocks)))
        np.testing.assert_allclose(joined[item], expected, atol=1e-5)


@pytest.mark.parametrize("kind", ["noise", "silence"])
@pytest.mark.parametrize("total", [40, 41, 97, 300])
def test_waveforms_are_joined_at_the_same_place(total, kind):
    hop, fade = 16, 20
    plan = chunking.plan_chunks(total, 40, 8)
    windows = np.random.default_rng(total).normal(size=(len(plan), len(plan[0]) * hop))
    windows = (windows if kind == "noise" else 0 * windows).astype(np.float32)
    blocks = zip(plan, windows, strict=True)
    expected = np.concatenate(list(chunking.join_waveforms(blocks, hop, fade)))
    starts = tf.constant([chunk.start * hop for chunk in plan])
    joined = join_waveforms(tf.constant(windows), starts, fade)
    assert len(joined) == total * hop
    np.testing.assert_allclose(joined, expected, atol=1e-5)
