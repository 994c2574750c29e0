"""Sinusoidal positions."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="vsg_tf")
class SinusoidalPositions(keras.layers.Layer):
    """Adds the sinusoids of "Attention Is All You Need" (arXiv 1706.03762) to a sequence.

    Call arguments:
        inputs: `[B, T, C]`.

    Returns:
        `[B, T, C]`.
    """

    def call(self, inputs):
        channels = inputs.shape[-1]
        index = ops.arange(channels, dtype="float32")
        rate = ops.exp(-math.log(10000.0) * 2.0 * ops.floor(index / 2) / channels)
        phase = math.pi / 2 * (index % 2)  # odd channels are cosines
        frame = ops.arange(ops.shape(inputs)[1], dtype="float32")
        waves = ops.sin(frame[:, None] * rate[None, :] + phase[None, :])
        return inputs + ops.cast(waves, inputs.dtype)[None]

    def compute_output_shape(self, input_shape):
        return input_shape
