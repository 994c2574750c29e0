"""Training of the generators that make mels, against up to two discriminators."""

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.config import Config
from vsg_tf.training.adversarial import AdversarialTraining, Batch, Terms
from vsg_tf.training.objectives import build_objective
from vsg_tf.training.opponents import Opponents
from vsg_tf.training.scores import mel_errors, reference_following


class GAN(AdversarialTraining):
    """Everything that is trained together, whatever the kind of generator.

    Batches: `features [B, T, F]`, `mel [B, 4T, M]`, `reference_mel [B, 4T, M]`,
    `events [B, K, 3]`, `envelope [B, T]`. What of it the generator hears and what it is trained
    for is told by the `objectives` of its kind.

    Args:
        config: see `AdversarialTraining`.
        generator: built.
        mel_discriminator: judges mels `[B, 4T, M]`; built, or None.
        alignment_discriminator: judges pairs of `features` and `mel`; built, or None.
        averaged: a second generator to hold the running average of the weights, or None.
    """

    def __init__(
        self,
        config: Config,
        generator: keras.Model,
        mel_discriminator: keras.Model | None = None,
        alignment_discriminator: keras.Model | None = None,
        averaged: keras.Model | None = None,
        **kwargs,
    ):
        opponents = {
            "mel_discriminator": mel_discriminator,
            "alignment_discriminator": alignment_discriminator,
        }
        opponents = {name: model for name, model in opponents.items() if model is not None}
        super().__init__(config, generator, opponents, averaged, **kwargs)
        self.mel_discriminator = mel_discriminator
        self.alignment_discriminator = alignment_discriminator
        self.opponents = Opponents(
            mel_discriminator, alignment_discriminator, config.loss.adversarial_kind
        )
        self.objective = build_objective(config)

    def validate(self, batch: Batch) -> tuple[Terms, Terms]:
        """Score the shipped generator with everything random switched off.

        Returns:
            Scores by name, each `[B]` (see `scores`), and mels `[B, 4T, M]` by name: target,
            reconstruction, reference (that of the next example), swapped (made with it and
            silence as background).
        """
        inputs = self.objective.inputs(batch, training=False)
        outputs = self.shipped(inputs, training=False)
        reference = ops.roll(batch["reference_mel"], -1, axis=0)
        swapped = outputs["mel"]
        if "reference_mel" in inputs:
            swapped_inputs = {**inputs, "reference_mel": reference}
            if "background_mel" in inputs:
                # As at inference; with its own background a sound is like the clip in any case.
                swapped_inputs["background_mel"] = ops.zeros_like(inputs["background_mel"])
            swapped = self.shipped(swapped_inputs, training=False)["mel"]
        scores = mel_errors(outputs["mel"], batch["mel"])
        scores["follows_reference"] = reference_following(swapped, reference, batch["mel"])
        scores |= self.objective.scores(self.shipped, batch, outputs)
        mels = {
            "target": batch["mel"],
            "reconstruction": outputs["mel"],
            "reference": reference,
            "swapped": swapped,
        }
        return scores, mels

    def _reconstruct(self, batch: Batch) -> tuple[Terms, tf.Tensor]:
        inputs = self.objective.inputs(batch, training=True)
        outputs = self.generator(inputs, training=True)
        return self.objective.terms(self.generator, batch, outputs), outputs["mel"]

    def _judged_terms(self, batch: Batch, made: tf.Tensor) -> Terms:
        return {"adversarial": self.opponents.generator_loss(batch["features"], made)}

    def _judges_losses(self, batch: Batch, made: tf.Tensor) -> Terms:
        return self.opponents.losses(batch["features"], batch["mel"], made)
