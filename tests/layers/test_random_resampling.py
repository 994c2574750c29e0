import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from tests.layer_cases import sequence
from vsg_tf.layers import RandomResampling, replica

WITHOUT_STRETCH = {"min_stretch": 1.0, "max_stretch": 1.0}


@pytest.mark.parametrize("length", [1, 19, 100, 215])
def test_without_stretching_the_frames_are_permuted(length):
    positions = RandomResampling(seed=1, **WITHOUT_STRETCH).draw(3, length).numpy()
    assert np.array_equal(np.sort(positions, axis=1), np.tile(np.arange(length), (3, 1)))


def test_segments_stay_whole_and_have_the_wanted_lengths():
    positions = RandomResampling(seed=2, **WITHOUT_STRETCH).draw(1, 400).numpy()[0]
    cuts = np.flatnonzero(np.diff(positions) != 1) + 1
    lengths = np.diff(np.concatenate([[0], cuts, [400]]))
    assert len(cuts) >= 10
    # Two neighbours may stay in order by chance, and the recording's last segment is cut.
    assert np.sum((lengths >= 19) & (lengths <= 32)) >= len(lengths) - 3


def test_stretching_is_within_bounds_and_inside_the_input():
    positions = RandomResampling(seed=3).draw(4, 300).numpy()
    assert positions.min() >= 0 and positions.max() <= 299
    steps = np.diff(positions, axis=1)
    # Where a step repeats the one before it, both lie within one segment.
    inside = steps[:, 1:][(np.abs(np.diff(steps, axis=1)) < 1e-3) & (steps[:, 1:] > 0)]
    assert len(inside) > 900
    assert inside.min() >= 1 / 1.5 - 1e-3 and inside.max() <= 1 / 0.5 + 1e-3
    assert np.ptp(inside) > 0.5


def test_tensors_of_a_list_share_their_segmentation():
    a, b = sequence(60, 2), sequence(60, 3, seed=1)
    together = np.concatenate([a, b], axis=-1)
    first, second = RandomResampling(seed=4)([a, b], training=True)
    joined = RandomResampling(seed=4)(together, training=True)
    np.testing.assert_allclose(np.concatenate([first, second], axis=-1), joined, atol=1e-6)
    assert not np.allclose(first, a)


def test_inference_changes_nothing():
    x = sequence(40, 2)
    assert np.array_equal(RandomResampling(seed=1)(x), x)


def test_examples_draws_and_seeds_differ_and_equal_seeds_agree():
    layer = RandomResampling(seed=5)
    first, second = layer.draw(2, 80).numpy(), layer.draw(2, 80).numpy()
    assert not np.allclose(first[0], first[1])
    assert not np.allclose(first, second)
    assert np.array_equal(RandomResampling(seed=5).draw(2, 80), first)
    assert not np.allclose(RandomResampling(seed=6).draw(2, 80), first)


def test_a_clone_draws_what_the_original_drew():
    layer = RandomResampling(min_segment=5, max_segment=9, seed=7)
    clone = RandomResampling.from_config(layer.get_config())
    assert np.array_equal(clone.draw(2, 50), layer.draw(2, 50))


def test_the_replica_changes_the_draw(monkeypatch):
    plain = RandomResampling(seed=5).draw(2, 80).numpy()
    monkeypatch.setattr(replica, "replica_id", lambda: tf.constant(1))
    assert not np.allclose(RandomResampling(seed=5).draw(2, 80), plain)


REPLICAS = """
import numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from vsg_tf.layers import RandomResampling
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    layer = RandomResampling(seed=1)
step = tf.function(lambda: strategy.run(lambda: layer.draw(1, 90)))
first, second = (strategy.experimental_local_results(step()) for _ in range(2))
draws = [np.asarray(x) for x in (*first, *second)]
print(len({x.tobytes() for x in draws}), len(draws))
"""


def test_mirrored_replicas_draw_differently():
    result = subprocess.run(
        [sys.executable, "-c", REPLICAS], capture_output=True, text=True, check=False
    )
    assert result.stdout.split() == ["4", "4"], result.stderr[-2000:]
