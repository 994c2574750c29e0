"""A tiny configuration and corpus in memory for training tests, shared with child processes."""

import os
from pathlib import Path

import numpy as np
import tensorflow as tf

from vsg_tf.config import Config, parse_config
from vsg_tf.training.assembly import build_gan, make_reproducible
from vsg_tf.training.checkpoints import CheckpointStore
from vsg_tf.training.loop import TrainingLoop
from vsg_tf.training.progress import TrainingProgress
from vsg_tf.training.validation import Validator

FRAMES = 12  # feature frames of every clip
BATCHES = 4  # batches of an epoch


def tiny_config(**training) -> Config:
    """Every part of the network switched on, each as small as it can be.

    A keyword whose name holds two underscores replaces that setting of any section, such as
    `loss__adversarial=0`; the others are of the section `training`.
    """
    values = {
        "name": "tiny",
        "audio": {"n_mels": 16, "griffin_lim_iterations": 2},
        "video": {"front_end": "motion"},
        "model": {
            "temporal": {
                "conv_layers": 2,
                "filters": 8,
                "lstm_layers": 1,
                "lstm_units": 4,
                "cell_attention": True,
                "cell_filters": 4,
            },
            "acoustic": {"units": 1, "filters": 8, "norm_groups": 2, "lstm_layers": 0},
            "resampling": {"in_units": False},
            "background": {"lstm_layers": 1, "lstm_units": 4, "pool_over_time": True},
            "decoder": {
                "upsampling_filters": 8,
                "blocks": 1,
                "hidden": 8,
                "conv_kernel": 3,
                "conv_filters": 8,
                "reference_attention": True,
                "copy_head": True,
            },
            "events": {"enabled": True},
            "discriminators": {
                "windows": [16],
                "window_filters": 4,
                "window_layers": 2,
                "upsampling_filters": 4,
                "conv_layers": 1,
                "conv_filters": 4,
            },
        },
        "loss": {"mel": 10.0, "mel_kind": "l1_mse", "adversarial": 0.1, "events": 1.0},
        "training": {
            "steps": 4,
            "batch_size": 4,
            "learning_rate": 1e-2,
            "log_every": 2,
            "validate_every": 100,
            "validation_batches": 1,
            "checkpoint_every": 2,
            "ema": 0.9,
            "seed": 3,
        },
    }
    for name, value in training.items():
        *path, key = name.split("__") if "__" in name else ["training", name]
        section = values
        for part in path:
            section = section.setdefault(part, {})
        section[key] = value
    return parse_config(values)


def tiny_batch(config: Config, seed: int = 0, size: int | None = None) -> dict[str, tf.Tensor]:
    """One random batch in the form of `data.make_dataset`."""
    rng = np.random.default_rng(seed)
    size = config.training.batch_size if size is None else size
    mel = (size, config.timebase.mel_frames(FRAMES), config.audio.n_mels)
    values = {
        "features": rng.normal(size=(size, FRAMES, config.video.feature_width)),
        "mel": rng.uniform(size=mel),
        "reference_mel": rng.uniform(size=mel),
        "events": rng.uniform(0.1, 0.5, size=(size, 3, 3)),
        "envelope": rng.uniform(size=(size, FRAMES)),
    }
    batch = {name: tf.constant(value, tf.float32) for name, value in values.items()}
    return {**batch, "index": tf.range(size, dtype=tf.int64) + seed * size}


def tiny_batches(config: Config, damaged: int | None = None, devices: int = 1):
    """`batches(epoch, skip)` over `BATCHES` batches; batch `damaged` holds a NaN.

    Each is dealt out to the devices one after the other.
    """

    def batches(epoch: int, skip: int) -> tf.data.Dataset:
        made = [tiny_batch(config, epoch * BATCHES + number) for number in range(BATCHES)]
        if damaged is not None:
            made[damaged]["mel"] *= float("nan")
        stacked = {name: tf.stack([batch[name] for batch in made]) for name in made[0]}
        dataset = tf.data.Dataset.from_tensor_slices(stacked).skip(skip)
        if devices == 1:
            return dataset
        return dataset.unbatch().batch(config.training.batch_size // devices, drop_remainder=True)

    return batches


def tiny_gan(config: Config):
    """Reproducible models and optimizers on one device."""
    make_reproducible(config.training.seed)
    return build_gan(config, tf.distribute.get_strategy())


class MemoryLog:
    """Keeps what a loop logs."""

    def __init__(self):
        self.logged: list[tuple[int, str, dict]] = []
        self.mels: dict = {}

    def scalars(self, step: int, group: str, values: dict) -> None:
        self.logged.append((step, group, values))

    def examples(self, step: int, mels: dict) -> None:
        self.mels = mels

    def flush(self) -> None:
        pass


class SignallingProgress(TrainingProgress):
    """Sends this process a signal once a step is done."""

    def __init__(self, config: Config, step: int, number: int):
        super().__init__(config.training.steps, config.training.batch_size)
        self._step, self._number = step, number

    def advance(self, step: int) -> None:
        super().advance(step)
        if step == self._step:
            os.kill(os.getpid(), self._number)


def tiny_loop(config: Config, gan, folder: Path, *, validated=False, **parts) -> TrainingLoop:
    """A loop that writes below `folder`; `parts` replace its parts."""
    training = config.training
    strategy = parts.get("strategy", tf.distribute.get_strategy())
    defaults = {
        "strategy": strategy,
        "batches": tiny_batches(config, devices=strategy.num_replicas_in_sync),
        "epoch_steps": BATCHES,
        "progress": TrainingProgress(training.steps, training.batch_size),
        "save_model": lambda step, metrics: None,
        "validator": Validator(gan, lambda: tiny_batches(config)(99, 0), 1) if validated else None,
    }
    return TrainingLoop(
        config,
        gan=gan,
        checkpoints=CheckpointStore(folder / "checkpoints", training.keep_checkpoints),
        log=MemoryLog(),
        **{**defaults, **parts},
    )
