"""The networks that a configuration asks for, whichever its kind: the one place that knows all."""

import keras
from keras import ops

from vsg_tf.baselines.networks import RegnetDiscriminator, RegnetGenerator, SpeechSplitGenerator
from vsg_tf.config import Config
from vsg_tf.models import build
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder

AnyGenerator = Generator | RegnetGenerator | SpeechSplitGenerator | Vocoder
_FRAMES = 2


def build_generator(config: Config) -> AnyGenerator:
    """A generator whose weights exist and can be loaded or trained."""
    if config.model.kind == "varietysound":
        return build.build_generator(config)
    if config.model.kind == "vocoder":
        return build.build_vocoder(config)
    mel = ops.zeros((1, config.timebase.mel_frames(_FRAMES), config.audio.n_mels))
    if config.model.kind == "speechsplit":
        generator = SpeechSplitGenerator(config, name="generator")
        generator({"mel": mel, "reference_mel": mel})
        return generator
    generator = RegnetGenerator(config, name="generator")
    generator({"features": _features(config), "background_mel": mel})
    return generator


def build_discriminators(config: Config) -> tuple[keras.Model | None, keras.Model | None]:
    """The mel and the alignment discriminator, None where the kind or its switch has none."""
    if config.model.kind == "varietysound":
        return build.build_discriminators(config)
    if config.model.kind == "speechsplit":
        return None, None
    mel = ops.zeros((1, config.timebase.mel_frames(_FRAMES), config.audio.n_mels))
    discriminator = RegnetDiscriminator(config, name="alignment_discriminator")
    discriminator({"features": _features(config), "mel": mel})
    return None, discriminator


def _features(config: Config):
    return ops.zeros((1, _FRAMES, config.video.feature_width))
