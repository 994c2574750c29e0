"""From a loss to an update: the same on one device and on several."""

from collections.abc import Sequence

import keras
import tensorflow as tf


def apply_gradients(
    optimizer: keras.optimizers.Optimizer,
    tape: tf.GradientTape,
    loss: tf.Tensor,
    variables: Sequence[keras.Variable],
    clip_norm: float | None,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Update `variables` by the gradient of `loss`; call it in replica context.

    Args:
        loss: mean over this replica's examples.
        clip_norm: largest norm of the gradient over all variables and replicas, None for no limit.

    Returns:
        The norm before clipping, and 1.0, or 0.0 where loss or gradient are not finite; then the
        gradient is replaced by zeros. Both are equal on all replicas.
    """
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    gradients = tape.gradient(
        loss, [v.value for v in variables], unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    loss = tf.cast(loss, tf.float32)
    if replicas > 1:
        # Clipping must see the whole gradient, or several devices would clip otherwise than one.
        context = tf.distribute.get_replica_context()
        *gradients, loss = context.all_reduce(
            tf.distribute.ReduceOp.SUM, [g / replicas for g in (*gradients, loss)]
        )
    norm = tf.linalg.global_norm([tf.cast(g, tf.float32) for g in gradients])
    finite = tf.math.is_finite(norm) & tf.math.is_finite(loss)
    scale = tf.ones_like(norm) if clip_norm is None else clip_norm / tf.maximum(norm, clip_norm)
    # The optimizer sums over replicas, where all now hold the same gradient.
    scale = scale / replicas
    gradients = [tf.where(finite, g * tf.cast(scale, g.dtype), tf.zeros_like(g)) for g in gradients]
    optimizer.apply(gradients, variables)
    return norm, tf.cast(finite, tf.float32)
