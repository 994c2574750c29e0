"""`vsg_tf.inference.chunking` as graphs: a long clip in overlapping chunks of one length."""

from typing import NamedTuple

import tensorflow as tf


class Plan(NamedTuple):
    """Chunks `starts[i] <= frame < starts[i] + length` that cover `total` frames; all int32."""

    starts: tf.Tensor
    length: tf.Tensor
    total: tf.Tensor

    def scaled(self, factor: int) -> "Plan":
        """The same chunks on a grid with `factor` times as many frames."""
        return Plan(self.starts * factor, self.length * factor, self.total * factor)


def plan_chunks(total: tf.Tensor, size: int, overlap: int) -> Plan:
    """Cover `total` frames as `vsg_tf.inference.chunking.plan_chunks` does."""
    count = tf.where(total <= size, 1, -(-(total - overlap) // (size - overlap)))
    distance = tf.cast(tf.range(count) * tf.maximum(total - size, 0), tf.float64)
    starts = tf.round(distance / tf.cast(tf.maximum(count - 1, 1), tf.float64))
    return Plan(tf.cast(starts, tf.int32), tf.minimum(total, size), total)


def map_chunks(function, plan: Plan, width: int) -> tf.Tensor:
    """`function(start)` of every chunk, one after another so that memory stays that of one.

    Args:
        function: first frame, int32, to `[batch, frames of a chunk, width]`.
        plan: the chunks.
        width: of the values.

    Returns:
        `[chunks, batch, frames of a chunk, width]`.
    """
    spec = tf.TensorSpec([None, None, width], tf.float32)
    return tf.map_fn(function, plan.starts, fn_output_signature=spec, parallel_iterations=1)


def join_chunks(values: tf.Tensor, plan: Plan, margin: int = 0) -> tf.Tensor:
    """Cross-fade neighbouring chunks linearly over the frames they share.

    Args:
        values: `[chunks, batch, plan.length, width]`.
        plan: on the grid of `values`.
        margin: as for `vsg_tf.inference.chunking.join_chunks`.

    Returns:
        `[batch, plan.total, width]`.
    """
    frame = tf.range(plan.length)
    rise = _rise(frame[None], _shared_before(plan)[:, None], margin)
    # What fades out at a chunk's end is what its neighbour does not fade in.
    after = tf.concat([_shared_before(plan)[1:], [0]], axis=0)[:, None]
    fall = 1 - _rise(frame[None] - (plan.length - after), after, margin)
    fall = tf.where(frame[None] >= plan.length - after, fall, 1.0)
    weighted = tf.transpose(values * (rise * fall)[:, None, :, None], [0, 2, 1, 3])
    batch, width = tf.shape(values)[1], values.shape[3]
    rows = tf.reshape(weighted, tf.stack([-1, batch, width]))
    places = tf.reshape(plan.starts[:, None] + frame[None], [-1])
    return tf.transpose(tf.math.unsorted_segment_sum(rows, places, plan.total), [1, 0, 2])


def _shared_before(plan: Plan) -> tf.Tensor:
    """How many frames each chunk shares with the one before it; the first none."""
    return tf.concat([[0], plan.starts[:-1] + plan.length - plan.starts[1:]], axis=0)


def _rise(position: tf.Tensor, shared: tf.Tensor, margin: int) -> tf.Tensor:
    """Where nothing is shared, 1 throughout."""
    steps = tf.cast(position + 1 - margin, tf.float32)
    risen = steps / tf.cast(tf.maximum(shared + 1 - 2 * margin, 1), tf.float32)
    return tf.where(shared > 0, tf.clip_by_value(risen, 0.0, 1.0), 1.0)
