"""REGNET's discriminator."""

import keras
from keras import ops

from vsg_tf.baselines.networks.normalised import (
    batch_norm,
    convolution,
    initial_weights,
    upsampling,
)
from vsg_tf.config import Config
from vsg_tf.models.configured_model import ConfiguredModel


@keras.saving.register_keras_serializable(package="vsg_tf")
class RegnetDiscriminator(ConfiguredModel):
    """Does this mel belong to this video? (arXiv 2008.00820, sizes of its published code)

    Features are brought to the mel rate by two transposed convolutions, joined with a projection
    of the mel, and judged in patches of 34 mel frames by four convolutions of kernel 4, the first
    two of which halve the rate.

    Call arguments:
        inputs: dict of `features` `[B, T, F]` and `mel` `[B, 4 * T, M]`.
        training: whether the statistics of the batch are used.

    Returns:
        Logits `[B, T, 1]` float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        width = config.model.discriminator_filters
        self.feature_layers = [
            upsampling(config.model.decoder_filters, "feature_up_0", use_bias=False),
            batch_norm("feature_norm_0"),
            keras.layers.LeakyReLU(0.2, name="feature_relu_0"),
            upsampling(width, "feature_up_1"),
        ]
        self.mel_projection = keras.layers.Dense(
            width, kernel_initializer=initial_weights(), name="mel_projection"
        )
        self.judging_layers = [
            convolution(4 * width, 4, "judge_conv_0", strides=2),
            keras.layers.LeakyReLU(0.2, name="judge_relu_0"),
            convolution(8 * width, 4, "judge_conv_1", strides=2, use_bias=False),
            batch_norm("judge_norm_1"),
            keras.layers.LeakyReLU(0.2, name="judge_relu_1"),
            convolution(16 * width, 4, "judge_conv_2", use_bias=False),
            batch_norm("judge_norm_2"),
            keras.layers.LeakyReLU(0.2, name="judge_relu_2"),
        ]
        self.logits = convolution(1, 4, "logits", dtype="float32")

    def call(self, inputs, training=False):
        x = inputs["features"]
        for layer in self.feature_layers:
            x = layer(x, training=training) if "norm" in layer.name else layer(x)
        mel = self.mel_projection(inputs["mel"])
        x = ops.concatenate([x, mel], axis=-1)
        for layer in self.judging_layers:
            x = layer(x, training=training) if "norm" in layer.name else layer(x)
        return self.logits(x)
