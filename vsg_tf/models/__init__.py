"""Layers composed to networks; no losses, no files."""

from vsg_tf.models.acoustic_encoder import AcousticEncoder
from vsg_tf.models.alignment_discriminator import AlignmentDiscriminator
from vsg_tf.models.background_encoder import BackgroundEncoder
from vsg_tf.models.build import (
    build_discriminators,
    build_generator,
    build_vocoder,
    build_waveform_discriminator,
)
from vsg_tf.models.generator import Generator
from vsg_tf.models.mel_decoder import MelDecoder
from vsg_tf.models.mel_discriminator import MultiWindowMelDiscriminator
from vsg_tf.models.temporal_encoder import TemporalEncoder
from vsg_tf.models.vocoder import Vocoder
from vsg_tf.models.waveform_discriminator import WaveformDiscriminator

__all__ = [
    "AcousticEncoder",
    "AlignmentDiscriminator",
    "BackgroundEncoder",
    "Generator",
    "MelDecoder",
    "MultiWindowMelDiscriminator",
    "TemporalEncoder",
    "Vocoder",
    "WaveformDiscriminator",
    "build_discriminators",
    "build_generator",
    "build_vocoder",
    "build_waveform_discriminator",
]
