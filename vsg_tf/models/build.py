"""Models with their weights created."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.models.alignment_discriminator import AlignmentDiscriminator
from vsg_tf.models.generator import Generator
from vsg_tf.models.mel_discriminator import MultiWindowMelDiscriminator
from vsg_tf.models.vocoder import Vocoder
from vsg_tf.models.waveform_discriminator import WaveformDiscriminator

_FRAMES = 2


def _example(config: Config) -> dict:
    """The smallest batch that reaches every layer."""
    mel = ops.zeros((1, config.timebase.mel_frames(_FRAMES), config.audio.n_mels))
    return {
        "features": ops.zeros((1, _FRAMES, config.video.feature_width)),
        "reference_mel": mel,
        "background_mel": mel,
        "mel": mel,
        "events": ops.zeros((1, 1, 3)),
    }


def _select(example: dict, *names: str) -> dict:
    return {name: example[name] for name in names}


def build_generator(config: Config) -> Generator:
    """A generator whose weights exist and can be loaded or trained."""
    generator = Generator(config, name="generator")
    example = _example(config)
    # Part by part: a call of the whole would trace every part twice, which takes a second.
    with keras.name_scope(generator.name, caller=generator):
        temporal = generator.encode_video(example["features"])
        if config.model.events.enabled:
            generator.event_logits(temporal)
            temporal = generator.render_events(example["events"], _FRAMES)
        reference = generator.encode_reference(example["reference_mel"])
        background = generator.encode_background(example["background_mel"])
        generator.decode(temporal, reference, background)
    generator.built = True
    return generator


def build_discriminators(
    config: Config,
) -> tuple[MultiWindowMelDiscriminator | None, AlignmentDiscriminator | None]:
    """The mel and the alignment discriminator, each None where the configuration disables it."""
    example = _example(config)
    mel_discriminator = alignment_discriminator = None
    if config.model.discriminators.mel_enabled:
        mel_discriminator = MultiWindowMelDiscriminator(config, name="mel_discriminator")
        mel_discriminator(example["mel"])
    if config.model.discriminators.alignment_enabled:
        alignment_discriminator = AlignmentDiscriminator(config, name="alignment_discriminator")
        alignment_discriminator(_select(example, "features", "mel"))
    return mel_discriminator, alignment_discriminator


def build_vocoder(config: Config, matrices: bool = False) -> Vocoder:
    """A vocoder whose weights exist and can be loaded or trained; arguments as of `Vocoder`."""
    vocoder = Vocoder(config, matrices, name="vocoder")
    vocoder(ops.zeros((1, _FRAMES, config.audio.n_mels)))
    return vocoder


def build_waveform_discriminator(config: Config) -> WaveformDiscriminator:
    """The vocoder's opponent, whose weights exist."""
    opponent = WaveformDiscriminator(config, name="waveform_discriminator")
    opponent(ops.zeros((1, _FRAMES * config.audio.n_fft)))
    return opponent
