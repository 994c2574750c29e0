"""The same training in another number of steps."""

from vsg_tf.config.schema import Config
from vsg_tf.errors import ConfigError

# Settings that count steps: where a run is made shorter they shrink with it.
_STEP_COUNTS = ("learning_rate_warmup", "adversarial_start", "adversarial_ramp")


def shortened(config: Config, steps: int | None) -> Config:
    """The same training in another number of steps, its phases at the same shares of it.

    Args:
        config: of the whole training.
        steps: at least 1; None leaves the configuration as it is.

    Raises:
        ConfigError: `steps` is below 1.
    """
    if steps is None:
        return config
    if steps < 1:
        raise ConfigError(f"A training has at least 1 step, not {steps}.")
    training = config.training
    scaled = {name: getattr(training, name) * steps // training.steps for name in _STEP_COUNTS}
    changed = training.model_copy(update={"steps": steps, **scaled})
    return config.model_copy(update={"training": changed})
