"""The timbre of the sounding object."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import SGAU, AttentionPooling, LoudestFrames, RandomResampling
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack


@keras.saving.register_keras_serializable(package="vsg_tf")
class AcousticEncoder(ConfiguredModel):
    """Reference mel to timbre: a stack of SGAUs, then LSTMs (arXiv 2211.10666).

    [R] x0 = c0 = one projection of the mel. [R] The timbre is one vector, the final states of the
    last LSTM, so that a reference may have any length; or its outputs pooled by learnt weights.
    With `spectrum`, beyond the paper, the mean spectrum is added to it without passing the units.
    Without LSTMs it is a projection of the units' mean and deviation over time.

    Call arguments:
        mel: `[B, T, n_mels]`.
        training: whether random resampling acts.

    Returns:
        Dict of `timbre` `[B, 2 * lstm_units]`, `tokens` `[B, N, filters]` (the last unit's
        features) and `mel` `[B, N, n_mels]`, the (resampled) mel of the tokens. N is T, or less
        where only the loudest share of the frames is heard.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model.acoustic
        resampling = config.model.resampling

        def resampler(index):
            return RandomResampling(
                resampling.min_segment,
                resampling.max_segment,
                resampling.min_stretch,
                resampling.max_stretch,
                seed=config.training.seed + index,
                name=f"resampling_{index}",
            )

        self.selection = None
        if settings.loud_share < 1:
            self.selection = LoudestFrames(settings.loud_share, name="selection")
        self.input_resampling = resampler(0) if resampling.on_input else None
        self.projection = keras.layers.Dense(settings.filters, name="projection")
        self.units = [
            SGAU(
                settings.filters,
                settings.input_kernels,
                settings.output_kernel,
                settings.skip_kernel,
                settings.norm_groups,
                resampling=resampler(i + 1) if resampling.in_units else None,
                name=f"unit_{i}",
            )
            for i in range(settings.units)
        ]
        pools = settings.pooling == "attention"
        self.to_lstm_rate = None
        if settings.lstm_frames > 1:
            # "same" averages a last, incomplete group over the frames that it has.
            self.to_lstm_rate = keras.layers.AveragePooling1D(settings.lstm_frames, padding="same")
        self.recurrent = recurrent_stack(
            settings.lstm_layers, settings.lstm_units, final_states=not pools
        )
        self.pooling = None
        if pools:
            self.pooling = AttentionPooling(2 * settings.lstm_units, name="pooling")
        self.spectrum_norm = self.spectrum = None
        if settings.spectrum:
            self.spectrum_norm = keras.layers.LayerNormalization(epsilon=1e-6, name="spectrum_norm")
            self.spectrum = keras.layers.Dense(2 * settings.lstm_units, name="spectrum")
        self.statistics = None
        if not self.recurrent:
            self.statistics = keras.layers.Dense(2 * settings.lstm_units, name="statistics")

    def call(self, mel, training=False):
        if self.selection is not None:
            mel = self.selection(mel)
        if self.input_resampling is not None:
            mel = self.input_resampling(mel, training=training)
        feature = condition = self.projection(mel)
        for unit in self.units:
            feature, condition = unit([feature, condition], training=training)
        timbre = feature if self.to_lstm_rate is None else self.to_lstm_rate(feature)
        for layer in self.recurrent:
            timbre = layer(timbre, training=training)
        if self.pooling is not None:
            timbre = self.pooling(timbre)
        if self.statistics is not None:
            timbre = self.statistics(self._moments(feature))
        if self.spectrum is not None:
            timbre = timbre + self.spectrum(self.spectrum_norm(ops.mean(mel, axis=1)))
        return {"timbre": timbre, "tokens": feature, "mel": mel}

    def _moments(self, feature):
        mean, variance = ops.moments(ops.cast(feature, "float32"), axes=[1])
        return ops.concatenate([mean, ops.sqrt(variance + 1e-5)], axis=-1)
