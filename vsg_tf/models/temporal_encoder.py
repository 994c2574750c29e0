"""Where in time the events are."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import CellAttention
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack


@keras.saving.register_keras_serializable(package="vsg_tf")
class TemporalEncoder(ConfiguredModel):
    """Video features to a narrow code: convolutions, LSTMs, a bottleneck (arXiv 2211.10666).

    Each convolution is followed by layer normalisation [R]: its statistics are those of one frame,
    so a long video encoded in pieces gives what it gives in one.

    Call arguments:
        features: `[B, T, feature_width]`.

    Returns:
        `[B, T, code_size]`.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model.temporal
        self.residual = settings.residual
        self.cells = None
        if settings.cell_attention:
            layout = config.video.visual.cells
            self.cells = CellAttention(
                settings.cell_filters,
                layout.cells,
                layout.channels,
                layout.global_channels,
                name="cell_attention",
            )
        self.convolutions = [
            keras.layers.Conv1D(
                settings.filters,
                settings.kernel,
                padding="same",
                dilation_rate=2 ** (i % settings.dilation_cycle),
                name=f"conv_{i}",
            )
            for i in range(settings.conv_layers)
        ]
        self.norms = [
            keras.layers.LayerNormalization(epsilon=1e-5, name=f"norm_{i}")
            for i in range(settings.conv_layers)
        ]
        self.dropout = keras.layers.Dropout(settings.dropout)
        self.recurrent = recurrent_stack(settings.lstm_layers, settings.lstm_units)
        self.code = keras.layers.Dense(settings.code_size, name="code")

    def call(self, features, training=False):
        x = features if self.cells is None else self.cells(features)
        for i, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            hidden = self.dropout(ops.relu(norm(convolution(x))), training=training)
            x = x + hidden if self.residual and i > 0 else hidden
        for layer in self.recurrent:
            x = layer(x, training=training)
        return self.code(x)
