"""The feed-forward Transformer block."""

import keras


@keras.saving.register_keras_serializable(package="vsg_tf")
class FFTBlock(keras.layers.Layer):
    """Feed-forward Transformer block of FastSpeech (arXiv 1905.09263).

    Self-attention, then optionally attention to a reference, then a wide and a pointwise
    convolution; each is residual and normalised on entry [R], which trains without warm-up.

    Args:
        hidden: channels in and out.
        heads: attention heads; divides `hidden`.
        kernel: kernel size of the first convolution.
        filters: channels between the two convolutions.
        dropout: rate after each part.
        cross_attention: whether the block also attends to a reference.

    Call arguments:
        inputs: `[B, T, hidden]`, or with `cross_attention` the list of it and the reference
            `[B, N, C]`.
        training: whether dropout acts.

    Returns:
        `[B, T, hidden]`.
    """

    def __init__(
        self,
        hidden: int = 512,
        heads: int = 2,
        kernel: int = 9,
        filters: int = 512,
        dropout: float = 0.1,
        cross_attention: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.hidden = hidden
        self.heads = heads
        self.kernel = kernel
        self.filters = filters
        self.dropout = dropout
        self.cross_attention = cross_attention
        policy = self.dtype_policy

        def norm(name):
            return keras.layers.LayerNormalization(epsilon=1e-5, dtype=policy, name=name)

        def attention(name):
            return keras.layers.MultiHeadAttention(
                heads, hidden // heads, dropout=dropout, dtype=policy, name=name
            )

        self.attention_norm = norm("attention_norm")
        self.attention = attention("attention")
        self.cross_norm = norm("cross_norm") if cross_attention else None
        self.cross = attention("cross") if cross_attention else None
        self.conv_norm = norm("conv_norm")
        self.conv_1 = keras.layers.Conv1D(
            filters, kernel, padding="same", activation="relu", dtype=policy, name="conv_1"
        )
        self.conv_2 = keras.layers.Conv1D(hidden, 1, dtype=policy, name="conv_2")
        self.dropping = keras.layers.Dropout(dropout, dtype=policy, name="dropping")

    def build(self, input_shape):
        sequence, reference = input_shape if self.cross_attention else (input_shape, None)
        sequence = tuple(sequence)
        for norm in (self.attention_norm, self.conv_norm):
            norm.build(sequence)
        self.attention.build(sequence, sequence)
        if self.cross_attention:
            self.cross_norm.build(sequence)
            self.cross.build(sequence, tuple(reference))
        self.conv_1.build(sequence)
        self.conv_2.build((*sequence[:-1], self.filters))
        self.built = True

    def call(self, inputs, training=False):
        x, reference = inputs if self.cross_attention else (inputs, None)
        hidden = self.attention_norm(x)
        hidden = self.attention(hidden, hidden, training=training)
        x = x + self.dropping(hidden, training=training)
        if self.cross_attention:
            hidden = self.cross(self.cross_norm(x), reference, training=training)
            x = x + self.dropping(hidden, training=training)
        hidden = self.conv_2(self.conv_1(self.conv_norm(x)))
        return x + self.dropping(hidden, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape[0] if self.cross_attention else input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "hidden": self.hidden,
            "heads": self.heads,
            "kernel": self.kernel,
            "filters": self.filters,
            "dropout": self.dropout,
            "cross_attention": self.cross_attention,
        }
