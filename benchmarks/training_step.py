"""Clips a second of a training step on random batches: how fast a configuration can train.

    python benchmarks/training_step.py --config configs/debug.yaml

Measures both kinds of step: before the adversarial phase, and in it. Reading data is left out.
"""

import time
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.config import load_config


def main(
    config: Annotated[Path, typer.Option("--config", "-c", help="YAML file.")],
    override: Annotated[
        list[str] | None, typer.Option("--set", help="section.key=value. Repeatable.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Steps to time, after one to trace.")] = 10,
) -> None:
    """Print seconds for tracing, seconds a step and clips a second."""
    import tensorflow as tf

    from vsg_tf.training.assembly import build_gan, make_reproducible

    settings = load_config(config, override or [])
    make_reproducible(settings.training.seed)
    gan = build_gan(settings, tf.distribute.get_strategy())
    batch = _batch(settings)
    kinds = {"reconstruction": gan.reconstruction_step}
    if settings.loss.adversarial:
        kinds["adversarial"] = gan.train_step
    for name, method in kinds.items():
        step = tf.function(method)
        traced = _seconds(step, batch, 1)
        each = _seconds(step, batch, steps) / steps
        clips = settings.training.batch_size / each
        print(f"{name}: traced in {traced:.1f} s, {each:.3f} s a step, {clips:.1f} clips/s")


def _batch(settings):
    import tensorflow as tf

    seconds = settings.training.crop_seconds or settings.data.clip_seconds
    frames = settings.timebase.feature_frames_for(seconds)
    size, bands = settings.training.batch_size, settings.audio.n_mels
    mel = [size, settings.timebase.mel_frames(frames), bands]
    shapes = {
        "features": [size, frames, settings.video.feature_width],
        "mel": mel,
        "reference_mel": mel,
        "events": [size, settings.data.max_events, 3],
        "envelope": [size, frames],
    }
    return {name: tf.random.uniform(shape, seed=0) for name, shape in shapes.items()}


def _seconds(step, batch, count):
    start = time.perf_counter()
    for _ in range(count):
        terms = step(batch)
    float(terms["finite"])  # waits for the device
    return time.perf_counter() - start


if __name__ == "__main__":
    typer.run(main)
