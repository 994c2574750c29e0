"""What a sound is like, in one vector."""

import keras

from vsg_tf.config import Config
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack


@keras.saving.register_keras_serializable(package="vsg_tf")
class SoundEmbedding(ConfiguredModel):
    """A learned LSTM embedding in place of SpeechSplit's speaker labels, as VarietySound's authors
    use it for their cascade (arXiv 2211.10666).

    [R] Bidirectional LSTMs, whose final states are projected to the size of the labels.

    Call arguments:
        mel: `[B, T, M]` of any length.

    Returns:
        `[B, embedding_size]`.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model
        self.recurrent = recurrent_stack(
            settings.embedding_lstm_layers, settings.embedding_units, final_states=True
        )
        self.projection = keras.layers.Dense(settings.embedding_size, name="projection")

    def call(self, mel, training=False):
        x = mel
        for layer in self.recurrent:
            x = layer(x)
        return self.projection(x)
