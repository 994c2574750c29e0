"""Does this mel belong to this video?"""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.models.configured_model import ConfiguredModel


@keras.saving.register_keras_serializable(package="vsg_tf")
class AlignmentDiscriminator(ConfiguredModel):
    """Temporal domain alignment discriminator (arXiv 2211.10666).

    Transposed convolutions bring the video features to the mel rate, convolutions judge them
    together with the mel, frame by frame. [R] The last layer to one channel.

    Call arguments:
        inputs: dict of `features` `[B, T, F]` and `mel` `[B, T * mel_per_feature, M]`.

    Returns:
        Logits `[B, T * mel_per_feature, 1]` float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model.discriminators
        self.upsampling = [
            keras.layers.Conv1DTranspose(
                settings.upsampling_filters,
                settings.upsampling_kernel,
                stride,
                padding="same",
                name=f"upsampling_{i}",
            )
            for i, stride in enumerate(config.model.decoder.upsampling_strides)
        ]
        self.convolutions = [
            keras.layers.Conv1D(
                settings.conv_filters, settings.conv_kernel, padding="same", name=f"conv_{i}"
            )
            for i in range(settings.conv_layers)
        ]
        self.logits = keras.layers.Conv1D(
            1, settings.conv_kernel, padding="same", dtype="float32", name="logits"
        )

    def call(self, inputs, training=False):
        x = inputs["features"]
        for layer in self.upsampling:
            x = ops.leaky_relu(layer(x), 0.2)
        x = ops.concatenate([x, ops.cast(inputs["mel"], x.dtype)], axis=-1)
        for layer in self.convolutions:
            x = ops.leaky_relu(layer(x), 0.2)
        return self.logits(x)
