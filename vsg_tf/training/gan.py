"""The adversarial training step: a generator and up to two discriminators."""

from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.config import Config
from vsg_tf.training.averaging import copy_weights, update_average
from vsg_tf.training.gradients import apply_gradients
from vsg_tf.training.objectives import build_objective
from vsg_tf.training.opponents import Opponents
from vsg_tf.training.optimizers import adversarial_weight
from vsg_tf.training.scores import mel_errors, reference_following

Batch = Mapping[str, tf.Tensor]
Terms = dict[str, tf.Tensor]


class GAN(keras.Model):
    """Everything that is trained together, whatever the kind of generator.

    Build it, and call `compile`, inside the strategy's scope. Steps run in replica context on that
    replica's share of a batch: `features [B, T, F]`, `mel [B, 4T, M]`, `reference_mel [B, 4T, M]`,
    `events [B, K, 3]`, `envelope [B, T]`. What of it the generator hears and what it is trained
    for is told by the `objectives` of its kind.

    Args:
        config: loss weights, the adversarial phase and the averaging come from it.
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
        super().__init__(**kwargs)
        self.config = config
        self.generator = generator
        self.mel_discriminator = mel_discriminator
        self.alignment_discriminator = alignment_discriminator
        self.opponents = Opponents(
            mel_discriminator, alignment_discriminator, config.loss.adversarial_kind
        )
        self.objective = build_objective(config)
        self.averaged = averaged
        if averaged is not None:
            copy_weights(averaged, generator)

    @property
    def shipped(self) -> keras.Model:
        """The generator that is validated and saved: the averaged one where there is one."""
        return self.generator if self.averaged is None else self.averaged

    def compile(
        self,
        generator_optimizer: keras.optimizers.Optimizer,
        discriminator_optimizer: keras.optimizers.Optimizer | None = None,
    ) -> None:
        """Build the optimizers; the second may be None where there is no discriminator."""
        super().compile(optimizer=generator_optimizer, jit_compile=False)
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        if self.opponents:
            discriminator_optimizer.build(self.opponents.trainable_variables)

    def adversarial_from(self, step: int) -> bool:
        """Whether step `step`, counted from 0, needs the discriminators."""
        wanted = self.config.loss.adversarial > 0 and bool(self.opponents)
        return wanted and step >= self.config.training.adversarial_start

    def checkpoint_roles(self) -> dict[str, Sequence[keras.Variable]]:
        """All variables, the states of random numbers among them, by what they belong to."""
        parts = {
            "generator": self.generator,
            "averaged": self.averaged,
            "mel_discriminator": self.mel_discriminator,
            "alignment_discriminator": self.alignment_discriminator,
            "generator_optimizer": self.optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        return {name: part.variables for name, part in parts.items() if part is not None}

    def call(self, inputs, training=False):
        """As the generator's."""
        return self.generator(inputs, training=training)

    def train_step(self, batch: Batch) -> Terms:
        """Update the discriminators, then the generator against the updated ones.

        Returns:
            Scalars: `mel`, `events`, `adversarial`, `discriminator` (unweighted losses),
            `adversarial_weight`, `gradient_norm` (before clipping) and `finite`, which is 0 where
            a loss or gradient is not; such a gradient is not applied.
        """
        with tf.GradientTape() as tape:
            terms, mel = self._reconstruct(batch)
            with tape.stop_recording():
                discriminator, judged = self._train_discriminators(batch, mel)
            terms["adversarial"] = self.opponents.generator_loss(batch["features"], mel)
            training = self.config.training
            weight = adversarial_weight(
                self.optimizer.iterations, training.adversarial_start, training.adversarial_ramp
            )
            total = self._weighted(terms, weight)
        terms |= self._train_generator(tape, total)
        terms["finite"] = ops.minimum(terms["finite"], judged)
        return {**terms, "discriminator": discriminator, "adversarial_weight": weight}

    def reconstruction_step(self, batch: Batch) -> Terms:
        """`train_step` without the discriminators, for the steps before their phase."""
        with tf.GradientTape() as tape:
            terms, _ = self._reconstruct(batch)
            total = self._weighted(terms, 0.0)
        return terms | self._train_generator(tape, total)

    def validate(self, batch: Batch) -> tuple[Terms, Terms]:
        """Score the shipped generator with everything random switched off.

        Returns:
            Scores by name, each `[B]` (see `scores`), and mels `[B, 4T, M]` by name: target,
            reconstruction, reference (that of the next example), swapped (made with it).
        """
        inputs = self.objective.inputs(batch, training=False)
        outputs = self.shipped(inputs, training=False)
        reference = ops.roll(batch["reference_mel"], -1, axis=0)
        swapped = outputs["mel"]
        if "reference_mel" in inputs:
            swapped_inputs = {**inputs, "reference_mel": reference}
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

    def _weighted(self, terms: Terms, adversarial) -> tf.Tensor:
        loss = self.config.loss
        weights = {
            "mel": loss.mel,
            "events": loss.events,
            "adversarial": loss.adversarial * adversarial,
        }
        return sum(weights[name] * term for name, term in terms.items())

    def _train_discriminators(self, batch: Batch, mel: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """The discriminators' loss and whether it, and its gradient, are finite."""
        with tf.GradientTape() as tape:
            loss = self.opponents.loss(batch["features"], batch["mel"], tf.stop_gradient(mel))
        variables = self.opponents.trainable_variables
        clip = self.config.training.clip_norm
        _, finite = apply_gradients(self.discriminator_optimizer, tape, loss, variables, clip)
        return loss, finite

    def _train_generator(self, tape: tf.GradientTape, total: tf.Tensor) -> Terms:
        variables = self.generator.trainable_variables
        clip = self.config.training.clip_norm
        norm, finite = apply_gradients(self.optimizer, tape, total, variables, clip)
        if self.averaged is not None:
            update_average(
                self.averaged, self.generator, self.config.training.ema, self.optimizer.iterations
            )
        return {"gradient_norm": norm, "finite": finite}
