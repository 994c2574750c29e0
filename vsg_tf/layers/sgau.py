"""The Self-Gated Acoustic Unit."""

import keras
from keras import ops

from vsg_tf.layers.random_resampling import RandomResampling


@keras.saving.register_keras_serializable(package="vsg_tf")
class SGAU(keras.layers.Layer):
    """Self-Gated Acoustic Unit of VarietySound (arXiv 2211.10666).

    With feature x, condition c and random resampling R:

        V  = InstanceNorm(Conv(Conv(x)))      input gate
        Wo = GroupNorm(Conv(c))               output gate
        Ws = GroupNorm(Conv(c))               skip gate
        x' = R[tanh(Ws + V) * sigmoid(Wo + V)]
        c' = R[Ws]

    Both outputs share one segmentation [R], so that they stay aligned.

    Args:
        filters: channels of every convolution.
        input_kernels: kernel sizes of the input gate's two convolutions.
        output_kernel: kernel size of the output gate.
        skip_kernel: kernel size of the skip gate.
        norm_groups: groups of the gates' group normalisation; divides `filters`.
        resampling: R, or None to leave it out.

    Call arguments:
        inputs: `[x, c]`, `[B, T, Cx]` and `[B, T, Cc]`.
        training: whether R acts.

    Returns:
        `[x', c']`, each `[B, T, filters]`.
    """

    def __init__(
        self,
        filters: int = 512,
        input_kernels: tuple[int, int] = (5, 7),
        output_kernel: int = 3,
        skip_kernel: int = 5,
        norm_groups: int = 32,
        resampling: RandomResampling | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filters
        self.input_kernels = tuple(input_kernels)
        self.output_kernel = output_kernel
        self.skip_kernel = skip_kernel
        self.norm_groups = norm_groups
        self.resampling = resampling

        def convolution(kernel, name, use_bias=True):
            return keras.layers.Conv1D(
                filters,
                kernel,
                padding="same",
                use_bias=use_bias,
                dtype=self.dtype_policy,
                name=name,
            )

        def normalisation(groups, name):
            return keras.layers.GroupNormalization(
                groups, epsilon=1e-5, dtype=self.dtype_policy, name=name
            )

        self.input_conv_1 = convolution(self.input_kernels[0], "input_conv_1")
        # Instance normalisation removes whatever a bias before it adds.
        self.input_conv_2 = convolution(self.input_kernels[1], "input_conv_2", use_bias=False)
        self.input_norm = normalisation(-1, "input_norm")  # -1 group: instance normalisation
        self.output_conv = convolution(output_kernel, "output_conv")
        self.output_norm = normalisation(norm_groups, "output_norm")
        self.skip_conv = convolution(skip_kernel, "skip_conv")
        self.skip_norm = normalisation(norm_groups, "skip_norm")

    def build(self, input_shape):
        feature, condition = (tuple(shape) for shape in input_shape)
        hidden = (*feature[:-1], self.filters)
        self.input_conv_1.build(feature)
        self.input_conv_2.build(hidden)
        self.output_conv.build(condition)
        self.skip_conv.build(condition)
        for norm in (self.input_norm, self.output_norm, self.skip_norm):
            norm.build(hidden)
        self.built = True

    def call(self, inputs, training=False):
        feature, condition = inputs
        gate = self.input_norm(self.input_conv_2(self.input_conv_1(feature)))
        output_gate = self.output_norm(self.output_conv(condition))
        skip = self.skip_norm(self.skip_conv(condition))
        feature = ops.tanh(skip + gate) * ops.sigmoid(output_gate + gate)
        if self.resampling is None:
            return [feature, skip]
        return self.resampling([feature, skip], training=training)

    def compute_output_shape(self, input_shape):
        hidden = (*input_shape[0][:-1], self.filters)
        return [hidden, hidden]

    def get_config(self):
        return {
            **super().get_config(),
            "filters": self.filters,
            "input_kernels": list(self.input_kernels),
            "output_kernel": self.output_kernel,
            "skip_kernel": self.skip_kernel,
            "norm_groups": self.norm_groups,
            "resampling": keras.saving.serialize_keras_object(self.resampling),
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        config["resampling"] = keras.saving.deserialize_keras_object(config["resampling"])
        return cls(**config)
