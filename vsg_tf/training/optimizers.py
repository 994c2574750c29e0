"""Optimizers and what changes over the steps, from the configuration."""

import keras
from keras import ops

from vsg_tf.config import TrainingConfig


@keras.saving.register_keras_serializable("vsg_tf")
class WarmUpSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up, then a constant rate or half a cosine down to zero.

    Args:
        peak: learning rate after the warm-up.
        warmup_steps: steps of linear growth; the first step already moves (peak / warmup_steps).
        decay_steps: steps from the end of the warm-up to zero; None keeps the rate constant.
    """

    def __init__(self, peak: float, warmup_steps: int = 0, decay_steps: int | None = None):
        super().__init__()
        self.peak = peak
        self.warmup_steps = warmup_steps
        self.decay_steps = decay_steps

    def __call__(self, step):
        """Learning rate, a float32 scalar, for the step counted from 0."""
        step = ops.cast(step, "float32")
        rate = self.peak * ops.minimum(1.0, (step + 1.0) / max(1, self.warmup_steps))
        if self.decay_steps is None:
            return rate
        done = ops.clip((step - self.warmup_steps) / self.decay_steps, 0.0, 1.0)
        return rate * 0.5 * (1.0 + ops.cos(done * 3.141592653589793))

    def get_config(self):
        return {
            "peak": self.peak,
            "warmup_steps": self.warmup_steps,
            "decay_steps": self.decay_steps,
        }


def _optimizer(config: TrainingConfig, peak: float, steps: int, weight_decay: float):
    warmup = min(config.learning_rate_warmup, max(0, steps - 1))
    decay = max(1, steps - warmup) if config.schedule == "cosine" else None
    rate = WarmUpSchedule(peak, warmup, decay) if warmup or decay else peak
    betas = {"beta_1": config.beta_1, "beta_2": config.beta_2}
    if not weight_decay:
        return keras.optimizers.Adam(rate, **betas)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=weight_decay, **betas)
    # Pulling offsets and normalisation scales to zero regularises nothing.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def build_optimizers(
    config: TrainingConfig,
) -> tuple[keras.optimizers.Optimizer, keras.optimizers.Optimizer]:
    """The generator's and the discriminators' optimizer, not yet built on variables.

    Adam, or AdamW for the generator where `weight_decay` is above 0. The discriminators' schedule
    is as long as they train, which is from `adversarial_start` on.
    """
    generator = _optimizer(config, config.learning_rate, config.steps, config.weight_decay)
    opponents_steps = max(1, config.steps - config.adversarial_start)
    rate = config.discriminator_learning_rate
    return generator, _optimizer(config, rate, opponents_steps, 0.0)


def adversarial_weight(step, start: int, ramp: int):
    """Share of the adversarial terms at a step counted from 0: a float32 scalar, 0..1.

    0 before `start`, then linear over `ramp` steps to 1. Works on tensors, so that the weight
    changes inside a traced function.
    """
    step = ops.cast(step, "float32")
    grown = ops.minimum(1.0, (step - start + 1.0) / max(1, ramp))
    return ops.where(step < start, 0.0, grown)
