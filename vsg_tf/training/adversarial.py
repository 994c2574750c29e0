"""The adversarial training step, whatever is made and judged."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.config import Config
from vsg_tf.training.averaging import copy_weights, update_average
from vsg_tf.training.gradients import apply_gradients
from vsg_tf.training.optimizers import adversarial_weight
from vsg_tf.training.variables import read_variable

Batch = Mapping[str, tf.Tensor]
Terms = dict[str, tf.Tensor]
_JUDGED = ("adversarial", "feature_matching")  # terms that wait for the adversarial phase


class AdversarialTraining(keras.Model):
    """A generator, its running average and its opponents, trained together.

    Build it, and call `compile`, inside the strategy's scope. Steps run in replica context on that
    replica's share of a batch. A subclass says what is made of a batch and how it is judged.

    Args:
        config: loss weights, the adversarial phase and the averaging come from it.
        generator: built.
        opponents: built discriminators by name; none where nothing is judged.
        averaged: a second generator to hold the running average of the weights, or None.
    """

    def __init__(
        self,
        config: Config,
        generator: keras.Model,
        opponents: Mapping[str, keras.Model],
        averaged: keras.Model | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.config = config
        self.generator = generator
        self.discriminators = dict(opponents)
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
        if self.discriminators:
            discriminator_optimizer.build(self._judging_variables())

    def adversarial_from(self, step: int) -> bool:
        """Whether step `step`, counted from 0, needs the discriminators."""
        wanted = self.config.loss.adversarial > 0 and bool(self.discriminators)
        return wanted and step >= self.config.training.adversarial_start

    def checkpoint_roles(self) -> dict[str, Sequence[keras.Variable]]:
        """All variables, the states of random numbers among them, by what they belong to."""
        parts = {
            "generator": self.generator,
            "averaged": self.averaged,
            **self.discriminators,
            "generator_optimizer": self.optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
        return {name: part.variables for name, part in parts.items() if part is not None}

    def learning_rates(self) -> dict[str, float]:
        """The optimizers' learning rates of the next step, by name."""
        optimizers = {
            "learning_rate": self.optimizer,
            "discriminator_learning_rate": self.discriminator_optimizer,
        }
        return {
            name: _as_number(optimizer.learning_rate)
            for name, optimizer in optimizers.items()
            if optimizer is not None and (optimizer is self.optimizer or self.discriminators)
        }

    def call(self, inputs, training=False):
        """As the generator's."""
        return self.generator(inputs, training=training)

    def train_step(self, batch: Batch) -> Terms:
        """Update the discriminators, then the generator against the updated ones.

        Returns:
            Scalars: the unweighted losses by name, those of the discriminators and their sum
            `discriminator` among them, `adversarial_weight`, `gradient_norm` (before clipping) and
            `finite`, which is 0 where a loss or gradient is not; such a gradient is not applied.
        """
        with tf.GradientTape() as tape:
            terms, made = self._reconstruct(batch)
            with tape.stop_recording():
                judges, judged = self._train_discriminators(batch, made)
            terms |= self._judged_terms(batch, made)
            training = self.config.training
            weight = adversarial_weight(
                self.optimizer.iterations, training.adversarial_start, training.adversarial_ramp
            )
            total = self._weighted(terms, weight)
        terms |= self._train_generator(tape, total)
        terms["finite"] = ops.minimum(terms["finite"], judged)
        return {**terms, **judges, "adversarial_weight": weight}

    def reconstruction_step(self, batch: Batch) -> Terms:
        """`train_step` without the discriminators, for the steps before their phase."""
        with tf.GradientTape() as tape:
            terms, _ = self._reconstruct(batch)
            total = self._weighted(terms, 0.0)
        return terms | self._train_generator(tape, total)

    @abstractmethod
    def validate(self, batch: Batch) -> tuple[Terms, Terms]:
        """Score the shipped generator with everything random switched off.

        Returns:
            Scores by name, each `[B]`, `mel_l1` and `loud_l1` among them; and mels
            `[B, frames, M]` to look at, by name.
        """

    @abstractmethod
    def _reconstruct(self, batch: Batch) -> tuple[Terms, tf.Tensor]:
        """Scalar losses by their names in `config.loss`, and what was made, to be judged."""

    @abstractmethod
    def _judged_terms(self, batch: Batch, made: tf.Tensor) -> Terms:
        """What the generator pays to the discriminators: scalars, named as in `config.loss`."""

    @abstractmethod
    def _judges_losses(self, batch: Batch, made: tf.Tensor) -> Terms:
        """What each discriminator pays for its mistakes: scalars by its name."""

    def _weighted(self, terms: Terms, adversarial) -> tf.Tensor:
        return sum(
            getattr(self.config.loss, name) * term * (adversarial if name in _JUDGED else 1.0)
            for name, term in terms.items()
        )

    def _judging_variables(self) -> list[keras.Variable]:
        models = self.discriminators.values()
        return [variable for model in models for variable in model.trainable_variables]

    def _train_discriminators(self, batch: Batch, made: tf.Tensor) -> tuple[Terms, tf.Tensor]:
        """The discriminators' losses and whether their sum, and its gradient, are finite."""
        with tf.GradientTape() as tape:
            losses = self._judges_losses(batch, tf.stop_gradient(made))
            loss = sum(losses.values())
        variables = self._judging_variables()
        clip = self.config.training.clip_norm
        _, finite = apply_gradients(self.discriminator_optimizer, tape, loss, variables, clip)
        return {**losses, "discriminator": loss}, finite

    def _train_generator(self, tape: tf.GradientTape, total: tf.Tensor) -> Terms:
        variables = self.generator.trainable_variables
        clip = self.config.training.clip_norm
        norm, finite = apply_gradients(self.optimizer, tape, total, variables, clip)
        if self.averaged is not None:
            update_average(
                self.averaged, self.generator, self.config.training.ema, self.optimizer.iterations
            )
        return {"gradient_norm": norm, "finite": finite}


def _as_number(value) -> float:
    # On several devices a constant rate is a variable of which each has a copy.
    return float(read_variable(value) if isinstance(value, keras.Variable) else value)
