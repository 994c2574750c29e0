"""SpeechSplit's encoders: content and pitch, which share their random resampling, and rhythm."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import RandomResampling
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack


def build_resampling(config: Config, seed_offset: int, name: str) -> RandomResampling:
    """SpeechSplit's random resampling: segments are stretched but keep their order."""
    settings = config.model.resampling
    return RandomResampling(
        settings.min_segment,
        settings.max_segment,
        settings.min_stretch,
        settings.max_stretch,
        shuffle=False,
        seed=config.training.seed + seed_offset,
        name=name,
    )


def sampled_states(states, interval: int):
    """One value for every `interval` frames of each direction, repeated to the frames' rate.

    The value has seen the whole of its stretch: the forward direction's at its end, the backward
    direction's at its beginning.

    Args:
        states: `[B, T, 2 * units]` of a bidirectional LSTM; T is a multiple of `interval`.
    """
    forward, backward = ops.split(states, 2, axis=-1)
    codes = ops.concatenate(
        [forward[:, interval - 1 :: interval], backward[:, ::interval]], axis=-1
    )
    return ops.repeat(codes, interval, axis=1)


def _convolutions(settings, layers: int, filters: int, name: str) -> list[keras.layers.Layer]:
    return [
        keras.layers.Conv1D(filters, settings.kernel, padding="same", name=f"{name}_conv_{i}")
        for i in range(layers)
    ]


def _norms(settings, layers: int, filters: int, name: str) -> list[keras.layers.Layer]:
    groups = filters // settings.norm_channels
    return [
        keras.layers.GroupNormalization(groups, epsilon=1e-5, name=f"{name}_norm_{i}")
        for i in range(layers)
    ]


@keras.saving.register_keras_serializable(package="vsg_tf")
class RhythmEncoder(ConfiguredModel):
    """What happens when: the mel through a convolution and an LSTM of one unit (arXiv 2004.11284).

    It alone hears the mel in its own time, so rhythm has to come through it.

    Call arguments:
        mel: `[B, T, M]`, T a multiple of `code_interval`.

    Returns:
        `[B, T, 2 * rhythm_units]`.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model
        self.interval = settings.code_interval
        self.convolutions = _convolutions(settings, 1, settings.rhythm_filters, "rhythm")
        self.norms = _norms(settings, 1, settings.rhythm_filters, "rhythm")
        self.recurrent = recurrent_stack(1, settings.rhythm_units)

    def call(self, mel, training=False):
        x = mel
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = ops.relu(norm(convolution(x)))
        for layer in self.recurrent:
            x = layer(x)
        return sampled_states(x, self.interval)


@keras.saving.register_keras_serializable(package="vsg_tf")
class ContentPitchEncoder(ConfiguredModel):
    """Content and pitch, whose timing random resampling destroys (arXiv 2004.11284).

    The two streams are resampled alike after each convolution, so that they stay aligned.

    Call arguments:
        inputs: dict of `mel` `[B, T, M]` and `pitch` `[B, T, P]` (classes, one-hot), T a multiple
            of `code_interval`.
        training: whether random resampling acts.

    Returns:
        Content `[B, T, 2 * content_units]` and pitch `[B, T, 2 * pitch_units]`.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model
        self.interval = settings.code_interval
        layers = settings.encoder_layers
        self.content_convolutions = _convolutions(
            settings, layers, settings.content_filters, "content"
        )
        self.content_norms = _norms(settings, layers, settings.content_filters, "content")
        self.pitch_convolutions = _convolutions(settings, layers, settings.pitch_filters, "pitch")
        self.pitch_norms = _norms(settings, layers, settings.pitch_filters, "pitch")
        self.resamplings = [
            build_resampling(config, 1 + i, f"resampling_{i}") for i in range(layers)
        ]
        self.content_lstms = recurrent_stack(
            settings.content_lstm_layers, settings.content_units, name="content_lstm"
        )
        self.pitch_lstms = recurrent_stack(1, settings.pitch_units, name="pitch_lstm")
        self.in_units = settings.resampling.in_units

    def call(self, inputs, training=False):
        content, pitch = inputs["mel"], inputs["pitch"]
        for index, resampling in enumerate(self.resamplings):
            content = self.content_norms[index](self.content_convolutions[index](content))
            pitch = self.pitch_norms[index](self.pitch_convolutions[index](pitch))
            content, pitch = ops.relu(content), ops.relu(pitch)
            if self.in_units:
                content, pitch = resampling([content, pitch], training=training)
        for layer in self.content_lstms:
            content = layer(content)
        for layer in self.pitch_lstms:
            pitch = layer(pitch)
        return sampled_states(content, self.interval), sampled_states(pitch, self.interval)
