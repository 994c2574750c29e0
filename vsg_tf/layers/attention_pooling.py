"""A sequence of any length to one vector, by learnt weights."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="vsg_tf")
class AttentionPooling(keras.layers.Layer):
    """Weighted means over time, joined, normalised and projected.

    Each head scores every frame and takes the mean of the frames by the softmax of its scores, so
    that frames that tell something can be picked out of many that do not, wherever they are.

    Args:
        size: channels of the result.
        heads: weighted means.

    Call arguments:
        inputs: `[B, T, C]`.

    Returns:
        `[B, size]`.
    """

    def __init__(self, size: int, heads: int = 4, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.heads = heads
        # A bias would shift all scores of a head alike, which the softmax ignores.
        self.scores = keras.layers.Dense(
            heads, use_bias=False, dtype=self.dtype_policy, name="scores"
        )
        self.norm = keras.layers.LayerNormalization(
            epsilon=1e-6, dtype=self.dtype_policy, name="norm"
        )
        self.projection = keras.layers.Dense(size, dtype=self.dtype_policy, name="projection")

    def build(self, input_shape):
        self.scores.build(input_shape)
        joined = (input_shape[0], self.heads * input_shape[-1])
        self.norm.build(joined)
        self.projection.build(joined)
        self.built = True

    def call(self, inputs):
        # In float32: a long sequence's weights are small.
        weights = ops.softmax(ops.cast(self.scores(inputs), "float32"), axis=1)
        weights = ops.cast(weights, inputs.dtype)
        means = ops.matmul(ops.transpose(weights, (0, 2, 1)), inputs)
        joined = ops.reshape(means, (-1, self.heads * inputs.shape[-1]))
        # Means of an LSTM's outputs are small, and what differs between sounds is smaller still.
        return self.projection(self.norm(joined))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.size)

    def get_config(self):
        return {**super().get_config(), "size": self.size, "heads": self.heads}
