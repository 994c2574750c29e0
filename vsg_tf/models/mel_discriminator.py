"""Is this mel real?"""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import RandomWindow
from vsg_tf.models.configured_model import ConfiguredModel


@keras.saving.register_keras_serializable(package="vsg_tf")
class MultiWindowMelDiscriminator(ConfiguredModel):
    """Judges windows of several lengths, each with a network of its own (arXiv 2211.10666).

    [R] Window lengths, and the networks: strided two-dimensional convolutions over time and mel
    bands that end in a logit per patch. While training each example shows a random window, else
    the middle one.

    Call arguments:
        mel: `[B, T, M]`; shorter than a window, it is continued with silence.

    Returns:
        A list of logits, one a window length, each `[B, time patches, band patches, 1]` float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model.discriminators
        self.windows = [
            RandomWindow(length, seed=config.training.seed + i, name=f"window_{length}")
            for i, length in enumerate(settings.windows)
        ]
        self.networks = [self._network(settings, length) for length in settings.windows]

    @staticmethod
    def _network(settings, length):
        hidden = [
            keras.layers.Conv2D(
                settings.window_filters, 3, 2, padding="same", name=f"network_{length}_conv_{i}"
            )
            for i in range(settings.window_layers)
        ]
        logits = keras.layers.Conv2D(
            1, 3, padding="same", dtype="float32", name=f"network_{length}_logits"
        )
        return [*hidden, logits]

    def call(self, mel, training=False):
        logits = []
        for window, network in zip(self.windows, self.networks, strict=True):
            x = window(mel, training=training)[..., None]
            for layer in network[:-1]:
                x = ops.leaky_relu(layer(x), 0.2)
            logits.append(network[-1](x))
        return logits
