"""The settings of the networks that VarietySound is compared with.

Defaults are the sizes of the systems as published. [R] marks our reading.
"""

from typing import ClassVar, Literal

from pydantic import PositiveInt, model_validator

from vsg_tf.config.fields import BelowOne, Count, Section
from vsg_tf.config.network import EventsConfig, ResamplingConfig


class RegnetConfig(Section):
    """REGNET (arXiv 2008.00820): video to sound without a reference."""

    kind: Literal["regnet"] = "regnet"
    encoder_layers: PositiveInt = 3
    encoder_filters: PositiveInt = 2048
    encoder_kernel: PositiveInt = 5
    encoder_dropout: BelowOne = 0.5
    lstm_layers: PositiveInt = 2
    lstm_units: PositiveInt = 512  # each direction
    noise_size: Count = 512
    auxiliary_size: PositiveInt = 32  # as in its released models; 256 is its code's default
    auxiliary_lstm_layers: PositiveInt = 2
    decoder_filters: PositiveInt = 1024
    postnet_layers: PositiveInt = 5
    postnet_filters: PositiveInt = 512
    postnet_kernel: PositiveInt = 5
    discriminator_filters: PositiveInt = 64  # on either side; its later layers have 4, 8, 16 times

    events: ClassVar[EventsConfig] = EventsConfig()  # it knows no event lists


class SpeechSplitConfig(Section):
    """SpeechSplit (arXiv 2004.11284) as conversion of one sound to the timbre of another."""

    kind: Literal["speechsplit"] = "speechsplit"
    encoder_layers: PositiveInt = 3  # convolutions of the content and of the pitch encoder
    content_filters: PositiveInt = 512
    content_lstm_layers: PositiveInt = 2
    content_units: PositiveInt = 8  # each direction, as in all its LSTMs
    pitch_filters: PositiveInt = 256
    pitch_units: PositiveInt = 32
    pitch_bins: PositiveInt = 256
    rhythm_filters: PositiveInt = 128
    rhythm_units: PositiveInt = 1
    kernel: PositiveInt = 5
    norm_channels: PositiveInt = 16  # channels that are normalised together
    code_interval: PositiveInt = 8  # mel frames for which one value of a code stands
    decoder_lstm_layers: PositiveInt = 3
    decoder_units: PositiveInt = 512
    embedding_size: PositiveInt = 82  # of its speaker labels
    embedding_lstm_layers: PositiveInt = 2  # [R]
    embedding_units: PositiveInt = 256  # [R]
    resampling: ResamplingConfig = ResamplingConfig()  # in_units: after each convolution

    events: ClassVar[EventsConfig] = EventsConfig()  # it knows no event lists

    @model_validator(mode="after")
    def _check(self):
        for name in ("content_filters", "pitch_filters", "rhythm_filters"):
            if getattr(self, name) % self.norm_channels:
                raise ValueError(
                    f"{name} {getattr(self, name)} must be a multiple of norm_channels "
                    f"{self.norm_channels}"
                )
        return self
