"""The ConvNeXt block along time."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="vsg_tf")
class ConvNeXtBlock(keras.layers.Layer):
    """Depthwise convolution, then a wide pointwise network, residual (arXiv 2201.03545).

    In one dimension as in Vocos (arXiv 2306.00814): it sees `kernel` frames at the price of one.

    Args:
        hidden: channels between the two pointwise layers.
        kernel: frames of the depthwise convolution.
        scale: first value of the learnt scale of each channel's residual; small values let deep
            stacks begin near the identity.

    Call arguments:
        inputs: `[B, T, C]`.

    Returns:
        `[B, T, C]`.
    """

    def __init__(self, hidden: int, kernel: int = 7, scale: float = 0.1, **kwargs):
        super().__init__(**kwargs)
        self.hidden = hidden
        self.kernel = kernel
        self.scale = scale
        policy = self.dtype_policy
        self.mixing = keras.layers.DepthwiseConv1D(
            kernel, padding="same", dtype=policy, name="mixing"
        )
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6, dtype=policy, name="norm")
        self.widening = keras.layers.Dense(hidden, dtype=policy, name="widening")
        self.narrowing = None  # as wide as the input, which only `build` knows

    def build(self, input_shape):
        channels = input_shape[-1]
        self.mixing.build(input_shape)
        self.norm.build(input_shape)
        self.widening.build(input_shape)
        self.narrowing = keras.layers.Dense(channels, dtype=self.dtype_policy, name="narrowing")
        self.narrowing.build((*input_shape[:-1], self.hidden))
        self.gamma = self.add_weight(
            shape=(channels,), initializer=keras.initializers.Constant(self.scale), name="gamma"
        )
        self.built = True

    def call(self, inputs):
        hidden = self.widening(self.norm(self.mixing(inputs)))
        hidden = self.narrowing(ops.gelu(hidden))
        return inputs + hidden * ops.cast(self.gamma, hidden.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "hidden": self.hidden,
            "kernel": self.kernel,
            "scale": self.scale,
        }
