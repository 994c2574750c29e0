"""Graphs that pick events against SciPy and the NumPy original."""

import numpy as np
import pytest
import scipy.signal
import tensorflow as tf

from vsg_tf.config import EventsConfig
from vsg_tf.events import EventTrack
from vsg_tf.export import graph_picking
from vsg_tf.export.graph_peaks import find_peaks
from vsg_tf.inference.voice import lengthened
from vsg_tf.timebase import TimeBase
from vsg_tf.timing.picture import pick_events

GRID, CONFIG = TimeBase(), EventsConfig()
PICK = tf.function(
    lambda logits: graph_picking.pick_events(logits, GRID, CONFIG),
    input_signature=[tf.TensorSpec([None, 3], tf.float32)],
)


@pytest.mark.parametrize("distance", [1, 2, 3, 10])
@pytest.mark.parametrize("case", ["random", "plateaus", "flat", "rising", "short"])
def test_peaks_are_scipys(case, distance):
    rng = np.random.default_rng(distance)
    values = {
        "random": rng.normal(size=300),
        # Flat tops of all lengths; a tiny slope makes tops differ, for SciPy orders equals freely.
        "plateaus": np.repeat(rng.permutation(60) / 10, rng.integers(1, 5, 60)),
        "flat": np.ones(20),
        "rising": np.arange(20.0),
        "short": np.array([0.0, 1.0]),
    }[case]
    own, _ = scipy.signal.find_peaks(values, height=0.2, distance=distance)
    found = find_peaks(tf.constant(values), tf.constant(0.2, tf.float64), distance)
    np.testing.assert_array_equal(found, own)
    if case in ("random", "plateaus"):
        assert len(own) > 5


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 8, 40, 129, 700])
@pytest.mark.parametrize("spread", [0.0, 0.5, 3.0, 30.0])
def test_picked_events(frames, spread):
    rng = np.random.default_rng(frames)
    logits = (rng.normal(size=(frames, 3)) * spread - (1 if spread else 4)).astype(np.float32)
    own = pick_events(logits, GRID, CONFIG).to_array()
    np.testing.assert_allclose(PICK(tf.constant(logits)), own, atol=1.1e-4)  # the last digit
    if frames > 100 and spread:
        assert len(own) > 10


@pytest.mark.parametrize("ring", [None, 0.05, 0.4, 9.0])
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_fitted_durations(ring, count):
    rng = np.random.default_rng(count)
    rows = np.stack([np.sort(rng.random(count)), rng.random(count), 0.1 + rng.random(count)], 1)
    own = lengthened(EventTrack(*rows.T), ring, estimated=True)
    fitted = graph_picking.fit_durations(
        tf.constant(rows, tf.float64, [count, 3]), tf.constant(np.nan if ring is None else ring)
    )
    np.testing.assert_allclose(fitted, np.stack([own.times, own.strengths, own.durations], 1))
