"""Pure functions from tensors to one loss value an example, `[B]`."""

from vsg_tf.losses.adversarial import discriminator_loss, generator_loss
from vsg_tf.losses.events import event_loss
from vsg_tf.losses.feature_matching import feature_matching_loss
from vsg_tf.losses.reconstruction import mel_loss
from vsg_tf.losses.spectral import log_magnitude_loss, stft_loss

__all__ = [
    "discriminator_loss",
    "event_loss",
    "feature_matching_loss",
    "generator_loss",
    "log_magnitude_loss",
    "mel_loss",
    "stft_loss",
]
