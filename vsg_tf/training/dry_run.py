"""What a run will take, measured on a few of its steps before it starts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.data.dataset import batches_in, readable_shards
from vsg_tf.data.manifest import open_prepared
from vsg_tf.extras import start_tensorflow
from vsg_tf.training.assembly import build_gan, make_reproducible
from vsg_tf.training.session import TRAIN_SPLIT, training_batches
from vsg_tf.training.strategy import make_strategy, most_memory, replicated, share_of

MEASURED_STEPS = 3


@dataclass(frozen=True)
class Rehearsal:
    """What was measured.

    Args:
        steps, epochs: of the whole run.
        parameters: of the generator, and of the discriminators.
        seconds_a_step: median before the adversarial phase, and in it; 0 where there is none.
        adversarial_steps: of all steps, those in the phase.
        memory_gb: the most that this process, or the fullest GPU, has held.
        devices: that shared a batch.
    """

    steps: int
    epochs: float
    parameters: tuple[int, int]
    seconds_a_step: tuple[float, float]
    adversarial_steps: int
    memory_gb: float
    devices: int

    @property
    def seconds(self) -> float:
        """Of all steps together; tracing and validation come on top."""
        plain, adversarial = self.seconds_a_step
        return (self.steps - self.adversarial_steps) * plain + self.adversarial_steps * adversarial

    def text(self) -> str:
        """For a person."""
        plain, adversarial = self.seconds_a_step
        hours, minutes = divmod(round(self.seconds / 60), 60)
        rates = [
            f"{count} steps of {seconds:.3g} s{name}"
            for count, seconds, name in (
                (self.steps - self.adversarial_steps, plain, ""),
                (self.adversarial_steps, adversarial, " against discriminators"),
            )
            if count
        ]
        return (
            f"{self.parameters[0] / 1e6:.3g} M parameters, discriminators "
            f"{self.parameters[1] / 1e6:.3g} M; {self.devices} devices\n"
            f"{' and '.join(rates)}, {self.epochs:.3g} epochs\n"
            f"about {hours} h {minutes:02d} min and {self.memory_gb:.2g} GB, without validation"
        )


def rehearse(config: Config, data: Path, devices: int | None = None) -> Rehearsal:
    """Make a few real steps of each phase; nothing is written.

    Raises:
        VsgError: the data does not fit the configuration, or a device is missing.
    """
    training = config.training
    count = open_prepared(data, config).count(TRAIN_SPLIT)
    strategy = make_strategy(devices)
    start_tensorflow()
    make_reproducible(training.seed)
    gan = build_gan(config, strategy)
    batches = training_batches(config, data, share_of(strategy, None))
    dataset = strategy.distribute_datasets_from_function(lambda context: batches(0, 0))
    with readable_shards(data):
        batch = next(iter(dataset))
        later = [step for step in range(training.steps) if gan.adversarial_from(step)][:1]
        adversarial_steps = training.steps - later[0] if later else 0
        times = tuple(
            _median_time(replicated(strategy, step), batch) if wanted else 0.0
            for step, wanted in (
                (gan.reconstruction_step, adversarial_steps < training.steps),
                (gan.train_step, adversarial_steps > 0),
            )
        )
    return Rehearsal(
        steps=training.steps,
        epochs=training.steps / batches_in(count, training.batch_size),
        parameters=(
            gan.generator.count_params(),
            sum(model.count_params() for model in gan.discriminators.values()),
        ),
        seconds_a_step=times,
        adversarial_steps=adversarial_steps,
        memory_gb=most_memory() / 1e9,
        devices=strategy.num_replicas_in_sync,
    )


def _median_time(step: Callable, batch) -> float:
    durations = []
    for _ in range(1 + MEASURED_STEPS):  # the first one is traced
        start = time.perf_counter()
        float(step(batch, tf.constant(0.0))["finite"])
        durations.append(time.perf_counter() - start)
    return float(np.median(durations[1:]))
