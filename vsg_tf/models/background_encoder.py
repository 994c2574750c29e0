"""Noise and off-screen sound."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import EnergyMasking
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack


@keras.saving.register_keras_serializable(package="vsg_tf")
class BackgroundEncoder(ConfiguredModel):
    """Mel to background code: energy masking, then LSTMs at the video rate (arXiv 2211.10666).

    Call arguments:
        mel: `[B, T, n_mels]`, not yet masked.

    Returns:
        `[B, ceil(T / mel_per_feature), 2 * lstm_units]`, or with `pool_over_time` its mean
        `[B, 1, 2 * lstm_units]`.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model.background
        self.masking = EnergyMasking()
        # "same" averages a last, incomplete group over the frames that it has.
        self.to_video_rate = keras.layers.AveragePooling1D(
            config.video.mel_per_feature, padding="same"
        )
        self.recurrent = recurrent_stack(settings.lstm_layers, settings.lstm_units)
        self.pool_over_time = settings.pool_over_time

    def call(self, mel, training=False):
        x = self.to_video_rate(self.masking(mel))
        for layer in self.recurrent:
            x = layer(x, training=training)
        return ops.mean(x, axis=1, keepdims=True) if self.pool_over_time else x
