"""The adversarial training step: a generator and up to two discriminators."""

from collections.abc import Mapping

import keras
import tensorflow as tf
from keras import ops

from vsg_tf.config import Config
from vsg_tf.losses.adversarial import discriminator_loss, generator_loss
from vsg_tf.losses.events import event_loss
from vsg_tf.losses.reconstruction import mel_loss
from vsg_tf.training.scores import curve_correlation, mel_errors, reference_following

Batch = Mapping[str, tf.Tensor]


def adversarial_weight(step, start: int, ramp: int):
    """Share of the adversarial terms at a step counted from 0: a float32 scalar, 0..1.

    0 before `start`, then linear over `ramp` steps to 1. Works on tensors, so that the weight
    changes inside a traced function.
    """
    step = ops.cast(step, "float32")
    grown = ops.minimum(1.0, (step - start + 1.0) / max(1, ramp))
    return ops.where(step < start, 0.0, grown)


class VarietySoundGAN(keras.Model):
    """Everything that is trained together.

    Build it, and call `compile`, inside the strategy's scope. Every step runs in replica context
    on that replica's share of a batch: `features [B, T, F]`, `mel [B, 4T, M]`,
    `reference_mel [B, 4T, M]`, `events [B, K, 3]`, `envelope [B, T]`, `index [B]`.

    Args:
        config: loss weights and the adversarial phase come from it.
        generator: built.
        discriminators: built, by the names of `DISCRIMINATOR_INPUTS`; may be empty.
        averaged: a second generator that holds the running average of the weights, or None.
    """

    def __init__(
        self,
        config: Config,
        generator: keras.Model,
        discriminators: Mapping[str, keras.Model],
        averaged: keras.Model | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.config = config
        self.generator = generator
        self.discriminators = dict(discriminators)
        self.averaged = averaged
        if averaged is not None:
            for average, weight in zip(averaged.weights, generator.weights, strict=True):
                average.assign(weight)
