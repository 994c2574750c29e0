"""What each encoder is worth: its input replaced at inference, on prepared clips (section 4).

[P] One encoder's input is zeros or Gaussian noise; MCD of the rebuilt clip. [R] The reference is
another arrangement of the same sound where the data has one, so that it gives no timing away; the
background is the clip's own; noise has the mean and deviation of what it replaces. Added to [P]:
whether the rebuilt clip is loud when the clip is, which tells where its timing came from.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import tensorflow as tf

from vsg_tf.audio.mel import level_db
from vsg_tf.config import Config
from vsg_tf.data.dataset import make_dataset
from vsg_tf.metrics.reconstruction import mel_cepstral_distortion, mel_l1
from vsg_tf.metrics.similarity import correlation
from vsg_tf.metrics.texture import relative_texture
from vsg_tf.model_files import load_model_dir
from vsg_tf.models.generator import Generator
from vsg_tf.timing.picture import pick_events

Replacement = Literal["zeros", "noise"]
# Encoder -> the entry of a batch that it hears.
INPUTS = {"temporal": "features", "timbre": "reference_mel", "background": "background_mel"}
SCORES = ("mcd", "mcd_level", "mel_l1", "loudness_r", "texture")
FULL, TRUE_EVENTS = "full", ", true events"
SPLIT = "valid"


@dataclass
class Table:
    """Scores by row and measure, a value a clip, and mels of the first clip by row."""

    scores: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    pictures: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, row: str, made: np.ndarray, target: np.ndarray) -> None:
        """Score mels `[B, frames, M]` in 0..1."""
        made = np.clip(made, 0, 1)
        if row not in self.pictures:
            self.pictures[row] = made[0]
        scores = self.scores.setdefault(row, {name: [] for name in SCORES})
        for one, other in zip(made, target, strict=True):
            levels = level_db(one), level_db(other)
            scores["mcd"].append(mel_cepstral_distortion(*levels))
            scores["mcd_level"].append(mel_cepstral_distortion(*levels, level=True))
            scores["mel_l1"].append(mel_l1(one, other))
            # The level of a frame: its mean over the bands.
            scores["loudness_r"].append(correlation(one.mean(axis=1), other.mean(axis=1)))
            scores["texture"].append(relative_texture(*levels))


def replaced(values: np.ndarray, how: Replacement, rng: np.random.Generator) -> np.ndarray:
    """An encoder's input without what it held; same shape, float32."""
    if how == "zeros":
        return np.zeros_like(values)
    noise = rng.normal(values.mean(), values.std(), values.shape)
    within = noise if values.min() < 0 else np.maximum(noise, 0)
    return within.astype(np.float32)


def rebuilder(config: Config, generator: Generator) -> Callable[[dict], np.ndarray]:
    """Batches of `features`, `reference_mel`, `background_mel` to mels `[B, frames, M]`.

    A model with events plays those it hears in the features, or `events` where a batch has them.
    """
    hears = config.model.events.enabled

    @tf.function(reduce_retracing=True)
    def logits(features):
        return generator.event_logits(generator.encode_video(features))

    @tf.function(reduce_retracing=True)
    def mel(batch):
        return generator(batch, training=False)["mel"]

    def rebuild(batch: dict) -> np.ndarray:
        batch = {name: tf.constant(values) for name, values in batch.items()}
        if hears and "events" not in batch:
            events = [
                pick_events(one, config.timebase, config.model.events).to_array(
                    config.data.max_events
                )
                for one in logits(batch["features"]).numpy()
            ]
            batch["events"] = tf.constant(np.stack(events))
        return mel(batch).numpy()

    return rebuild


def _batches(config: Config, data: Path, clips: int, batch_size: int) -> Iterator[dict]:
    # Another arrangement as reference: a clip's own mel would give its timing away.
    changed = config.data.model_copy(update={"own_reference": 0.0})
    config = config.model_copy(update={"data": changed})
    dataset = make_dataset(data, SPLIT, config, batch_size=batch_size, epoch=0, training=False)
    left = clips
    for batch in dataset:
        if left <= 0:
            return
        yield {name: values.numpy()[:left] for name, values in batch.items()}
        left -= batch_size


def _add_whole(
    table: Table, name: str, config: Config, rebuild: Callable[[dict], np.ndarray], batch: dict
) -> dict:
    """Rows of a model with all its inputs, which are returned; one with events hears the true ones
    in a second row, in which the picture does not matter."""
    inputs = {name: batch[name] for name in ("features", "reference_mel")}
    inputs["background_mel"] = batch["mel"]
    table.add(name, rebuild(inputs), batch["mel"])
    if config.model.events.enabled:
        heard = rebuild({**inputs, "events": batch["events"]})
        table.add(name + TRUE_EVENTS, heard, batch["mel"])
    return inputs


def ablate_encoders(
    model: Path, data: Path, *, clips: int = 64, batch_size: int = 8, seed: int = 0
) -> Table:
    """Rows: everything, then without each encoder's input, by zeros and by noise.

    Args:
        model: model folder.
        data: prepared data with a `valid` split.
        clips: how many of its clips.
        batch_size: clips at a time.
        seed: of the noise.

    Raises:
        VsgError: the model or the data cannot be used, or do not fit each other.
    """
    config, generator = load_model_dir(model)
    rebuild = rebuilder(config, generator)
    rng = np.random.default_rng(seed)
    table = Table()
    for batch in _batches(config, data, clips, batch_size):
        target = batch["mel"]
        if not table.pictures:
            table.pictures["target"] = target[0]
        inputs = _add_whole(table, FULL, config, rebuild, batch)
        for encoder, name in INPUTS.items():
            for how in ("zeros", "noise"):
                changed = {**inputs, name: replaced(inputs[name], how, rng)}
                table.add(f"without {encoder}, {how}", rebuild(changed), target)
    return table


def rebuild_whole(
    table: Table, name: str, model: Path, data: Path, *, clips: int = 64, batch_size: int = 8
) -> None:
    """Add rows of another model, such as one that was trained without a discriminator."""
    config, generator = load_model_dir(model)
    rebuild = rebuilder(config, generator)
    for batch in _batches(config, data, clips, batch_size):
        _add_whole(table, name, config, rebuild, batch)


def ablate_one(
    main: Path, others: Mapping[str, Path], data: Path, *, clips: int = 64, seed: int = 0
) -> Table:
    """One model without each of its encoders, then other models whole, rows by their names."""
    table = ablate_encoders(main, data, clips=clips, seed=seed)
    for name, model in others.items():
        rebuild_whole(table, name, model, data, clips=clips)
    return table


def ablate_each(
    models: Mapping[str, Path], data: Path, *, clips: int = 64, seed: int = 0
) -> dict[str, Table]:
    """Every model without each of its encoders, a table each."""
    return {
        name: ablate_encoders(model, data, clips=clips, seed=seed) for name, model in models.items()
    }
