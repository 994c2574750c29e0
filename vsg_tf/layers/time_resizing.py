"""Bringing a sequence to another length."""

import keras
from keras import ops

from vsg_tf.layers.interpolation import interpolate_time


@keras.saving.register_keras_serializable(package="vsg_tf")
class TimeResizing(keras.layers.Layer):
    """Linear interpolation along time to a wanted number of frames.

    The whole input is mapped onto the whole output; equal lengths leave it unchanged.

    Call arguments:
        inputs: `[B, T, C]`.
        length: wanted frames N; may be a tensor.

    Returns:
        `[B, N, C]`.
    """

    def call(self, inputs, length):
        ratio = ops.cast(ops.shape(inputs)[1], "float32") / ops.cast(length, "float32")
        positions = (ops.arange(length, dtype="float32") + 0.5) * ratio - 0.5
        positions = ops.broadcast_to(positions[None], (ops.shape(inputs)[0], length))
        return interpolate_time(inputs, positions)
