"""One validated schema for every setting."""

from vsg_tf.config.baselines import RegnetConfig, SpeechSplitConfig
from vsg_tf.config.length import shortened
from vsg_tf.config.loading import config_to_yaml, data_hash, load_config, parse_config
from vsg_tf.config.network import (
    AcousticEncoderConfig,
    BackgroundEncoderConfig,
    DecoderConfig,
    DiscriminatorConfig,
    EventsConfig,
    ModelConfig,
    ResamplingConfig,
    TemporalEncoderConfig,
)
from vsg_tf.config.schema import (
    AudioConfig,
    Config,
    DataConfig,
    LossConfig,
    TrainingConfig,
    VideoConfig,
)

__all__ = [
    "AcousticEncoderConfig",
    "AudioConfig",
    "BackgroundEncoderConfig",
    "Config",
    "DataConfig",
    "DecoderConfig",
    "DiscriminatorConfig",
    "EventsConfig",
    "LossConfig",
    "ModelConfig",
    "RegnetConfig",
    "ResamplingConfig",
    "SpeechSplitConfig",
    "TemporalEncoderConfig",
    "TrainingConfig",
    "VideoConfig",
    "config_to_yaml",
    "data_hash",
    "load_config",
    "parse_config",
    "shortened",
]
