"""The discriminators as one: what they say of a mel, and what that costs either side."""

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.losses import discriminator_loss, generator_loss


class Opponents:
    """Up to two discriminators, whose losses are added [P].

    Args:
        mel_discriminator: built, or None.
        alignment_discriminator: built, or None.
        kind: of the loss, see `losses.adversarial`.
    """

    def __init__(
        self,
        mel_discriminator: keras.Model | None,
        alignment_discriminator: keras.Model | None,
        kind: str,
    ):
        self.mel = mel_discriminator
        self.alignment = alignment_discriminator
        self.kind = kind

    def generator_loss(self, features: tf.Tensor, mel: tf.Tensor) -> tf.Tensor:
        """What the generator pays for `mel` `[B, 4T, M]` on `features` `[B, T, F]`: a scalar."""
        judged = self._judge(features, mel).values()
        return ops.mean(sum(generator_loss(fake, self.kind) for fake in judged))

    def losses(self, features: tf.Tensor, real: tf.Tensor, fake: tf.Tensor) -> dict[str, tf.Tensor]:
        """What each discriminator pays for its mistakes on mels `[B, 4T, M]`: scalars by name."""
        true, false = self._judge(features, real), self._judge(features, fake)
        return {
            name: ops.mean(discriminator_loss(true[name], false[name], self.kind)) for name in true
        }

    def _judge(self, features: tf.Tensor, mel: tf.Tensor) -> dict[str, list[tf.Tensor]]:
        logits = {}
        if self.mel is not None:
            logits["mel_discriminator"] = self.mel(mel, training=True)
        if self.alignment is not None:
            pair = {"features": features, "mel": mel}
            logits["alignment_discriminator"] = [self.alignment(pair, training=True)]
        return logits
