"""The networks of REGNET and SpeechSplit; no losses, no files."""

from vsg_tf.baselines.networks.regnet import RegnetGenerator
from vsg_tf.baselines.networks.regnet_discriminator import RegnetDiscriminator
from vsg_tf.baselines.networks.sound_embedding import SoundEmbedding
from vsg_tf.baselines.networks.speechsplit import SpeechSplitGenerator

__all__ = ["RegnetDiscriminator", "RegnetGenerator", "SoundEmbedding", "SpeechSplitGenerator"]
