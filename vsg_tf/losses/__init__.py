"""Pure functions from tensors to one loss value an example, `[B]`."""

from vsg_tf.losses.adversarial import discriminator_loss, generator_loss
from vsg_tf.losses.events import event_loss
from vsg_tf.losses.reconstruction import mel_loss

__all__ = ["discriminator_loss", "event_loss", "generator_loss", "mel_loss"]
