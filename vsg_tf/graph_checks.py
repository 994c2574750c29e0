"""Bad input, answered by a sentence from inside a graph."""

import tensorflow as tf


def checked(value: tf.Tensor, condition: tf.Tensor, sentence: str) -> tf.Tensor:
    """`value`, once `condition` is known to hold.

    Raises:
        tf.errors.InvalidArgumentError: when the graph runs and it does not, with `sentence`.
    """
    with tf.control_dependencies([tf.debugging.Assert(condition, [sentence])]):
        return tf.identity(value)


def finite(value: tf.Tensor, name: str) -> tf.Tensor:
    """`value`, once it is known to hold at least one example and neither NaN nor infinity."""
    value = checked(value, tf.size(value) > 0, f"{name} is empty; send at least one value.")
    whole = tf.reduce_all(tf.math.is_finite(value))
    return checked(value, whole, f"{name} holds NaN or infinity; send finite values.")
