"""What a device makes of training and inference: run it on the GPU, or anywhere.

    python benchmarks/accelerator.py --config configs/paper.yaml --config configs/default.yaml
    python benchmarks/accelerator.py -c configs/paper.yaml --peak-tflops 989 --data DATA --curve 50

For float32, TF32 (GPUs) and bfloat16, with and without XLA, at growing batches until memory is
full: seconds a training step, clips a second, TFLOP/s and their share of the device's peak. Then
inference of 1, 8 and 64 clips, with --data what the input pipeline gives beside what the step
takes, and with --curve the loss in bfloat16 beside float32 on the same batches. Operations are
counted in the graph of the step, loops of LSTMs once, so the share is a lower bound.
"""

import gc
import itertools
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.config import Config, load_config

PRECISIONS = ("float32", "tf32", "bfloat16")


def main(
    config: Annotated[list[Path], typer.Option("--config", "-c", help="YAML file. Repeatable.")],
    override: Annotated[
        list[str] | None, typer.Option("--set", help="section.key=value. Repeatable.")
    ] = None,
    peak_tflops: Annotated[
        float | None,
        typer.Option(help="Of the device in bfloat16. Default: what a large product reaches here."),
    ] = None,
    max_batch: Annotated[int, typer.Option(min=1, help="Largest batch to try.")] = 256,
    steps: Annotated[int, typer.Option(min=1, help="Steps to time, after tracing.")] = 10,
    xla: Annotated[bool, typer.Option(help="Also with XLA, which is slow on a CPU.")] = True,
    data: Annotated[Path | None, typer.Option(help="Prepared data: time the pipeline.")] = None,
    curve: Annotated[int, typer.Option(min=0, help="Steps of the two loss curves.")] = 0,
) -> None:
    """Print one line a measurement."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    details = [tf.config.experimental.get_device_details(gpu).get("device_name") for gpu in gpus]
    print(
        f"device: {', '.join(map(str, details)) or 'CPU, not a GPU'}; TensorFlow {tf.__version__}"
    )
    peak = peak_tflops or _product_tflops(tf.bfloat16 if gpus else tf.float32)
    print(f"peak: {peak:.3g} TFLOP/s ({'given' if peak_tflops else 'of a large product here'})")
    for path in config:
        settings = load_config(path, override or [])
        fastest = 0.0
        for precision, compiled in itertools.product(PRECISIONS, (False, True)[: 1 + xla]):
            if precision == "tf32" and not gpus:
                continue
            fastest = max(fastest, _training(settings, precision, compiled, max_batch, steps, peak))
        _inference(settings)
        if data is not None:
            _pipeline(settings, data, fastest)
        if curve:
            _curves(settings, curve)


def _product_tflops(dtype) -> float:
    import tensorflow as tf

    size = 8192 if tf.config.list_physical_devices("GPU") else 1024
    values = tf.cast(tf.random.uniform([size, size]), dtype)
    product = tf.function(lambda a: a @ a)
    float(product(values)[0, 0])
    start = time.perf_counter()
    for _ in range(10):
        made = product(values)
    float(made[0, 0])
    return 10 * 2 * size**3 / (time.perf_counter() - start) / 1e12


def _sized(settings: Config, batch: int, precision: str) -> Config:
    values = {"batch_size": batch, "mixed_precision": precision == "bfloat16"}
    training = settings.training.model_copy(update=values)
    return settings.model_copy(update={"training": training})


def _batch(settings: Config, seed: int = 0) -> dict:
    """Random numbers in the form of `data.make_dataset`."""
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
    return {
        name: tf.random.stateless_uniform(shape, [seed, place])
        for place, (name, shape) in enumerate(shapes.items())
    }


def _build(settings: Config):
    import tensorflow as tf

    from vsg_tf.training.assembly import build_gan

    return build_gan(settings, tf.distribute.get_strategy())


def _training(settings, precision, compiled, max_batch, steps, peak) -> float:
    """Print a line a batch size; the most clips a second."""
    import tensorflow as tf

    tf.config.experimental.enable_tensor_float_32_execution(precision == "tf32")
    best, size = 0.0, 1
    while size <= max_batch:
        sized = _sized(settings, size, precision)
        try:
            gan = _build(sized)
            method = gan.train_step if sized.loss.adversarial else gan.reconstruction_step
            step = tf.function(method, jit_compile=compiled)
            batch = _batch(sized)
            float(step(batch)["finite"])
            start = time.perf_counter()
            for _ in range(steps):
                terms = step(batch)
            float(terms["finite"])  # waits for the device; no step before it does
            each = (time.perf_counter() - start) / steps
        except (tf.errors.ResourceExhaustedError, tf.errors.InternalError, MemoryError) as error:
            print(f"{settings.name} {precision} batch {size}: {type(error).__name__}")
            break
        tflops = _operations(step, batch) / each / 1e12
        best = max(best, size / each)
        print(
            f"{settings.name} {precision}{' XLA' if compiled else ''} batch {size}: {each:.4f} s a "
            f"step, {size / each:.1f} clips/s, {tflops:.3g} TFLOP/s, {tflops / peak:.1%} of peak",
            flush=True,
        )
        del gan, step
        gc.collect()
        size *= 2
    return best


def _operations(step, batch) -> float:
    """Floating-point operations in the graph of one step."""
    import contextlib
    import io

    from tensorflow.compat.v1.profiler import ProfileOptionBuilder, profile

    options = ProfileOptionBuilder(ProfileOptionBuilder.float_operation()).with_empty_output()
    with contextlib.redirect_stdout(io.StringIO()):
        found = profile(step.get_concrete_function(batch).graph, options=options.build())
    return float(found.total_float_ops)


def _inference(settings: Config) -> None:
    import tensorflow as tf

    for size in (1, 8, 64):
        sized = _sized(settings, size, "float32")
        gan = _build(sized)
        run = tf.function(gan.validate)
        batch = _batch(sized)
        float(run(batch)[0]["mel_l1"][0])
        start = time.perf_counter()
        float(run(batch)[0]["mel_l1"][0])
        each = time.perf_counter() - start
        # Validation makes two mels of each clip: its own and one with another reference.
        print(f"{settings.name} inference of {size} clips: {each / 2:.4f} s", flush=True)


def _pipeline(settings: Config, data: Path, wanted: float) -> None:
    from vsg_tf.data.dataset import make_dataset

    size = settings.training.batch_size
    count, start = 0, time.perf_counter()
    for epoch in itertools.count():
        for batch in make_dataset(data, "train", settings, batch_size=size, epoch=epoch):
            count += len(batch["index"])
        if time.perf_counter() - start > 10:
            break
    given = count / (time.perf_counter() - start)
    print(
        f"{settings.name} input pipeline: {given:.1f} clips/s, the fastest step takes {wanted:.1f}"
    )


def _curves(settings: Config, steps: int) -> None:
    """The mel loss over the same batches in both precisions."""
    import tensorflow as tf

    from vsg_tf.training.assembly import make_reproducible

    size = min(settings.training.batch_size, 4)
    found = {}
    for precision in ("float32", "bfloat16"):
        sized = _sized(settings, size, precision)
        make_reproducible(0)
        gan = _build(sized)
        step = tf.function(gan.reconstruction_step)
        batches = [_batch(sized, seed) for seed in range(4)]
        found[precision] = [float(step(batches[n % 4])["mel"]) for n in range(steps)]
    for step in sorted({0, steps // 4, steps // 2, steps - 1}):
        values = ", ".join(f"{name} {losses[step]:.4f}" for name, losses in found.items())
        print(f"{settings.name} mel loss at step {step + 1}: {values}")
    single, half = map(np.array, found.values())
    print(f"{settings.name} mean relative difference {np.mean(np.abs(single - half) / single):.2%}")


if __name__ == "__main__":
    typer.run(main)
