"""Many clients at once against `vsg serve`: speed, errors, memory, and whether answers are right.

    vsg export --out EXPORT
    python benchmarks/load_test.py --model EXPORT

Every client asks different questions, whose answers were computed beforehand from the SavedModel
in this process, and compares what it gets: an answer to another's question counts as wrong.
"""

import threading
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from serving_process import Served, serve

from vsg_tf.errors import ServerError
from vsg_tf.serving.client import Client

SIGNATURE = "serving_default"
QUESTIONS = 8
# Norm of the difference, relative to the answer's own. Batches of other sizes round differently,
# which Griffin-Lim carries on to some 1e-3; the answer to another question is off by more than 1.
TOLERANCE = 1e-2


def _questions(export: Path, clip_seconds: float) -> list[tuple[dict, np.ndarray]]:
    """Inputs and the waveforms that the model makes of them."""
    import tensorflow as tf

    from vsg_tf.config import load_config

    newest = max((p for p in export.iterdir() if p.name.isdecimal()), key=lambda p: int(p.name))
    config = load_config(newest / "config.yaml")
    model = tf.saved_model.load(str(newest))
    frames = config.timebase.feature_frames_for(clip_seconds)
    rng = np.random.default_rng(0)
    pairs = []
    for number in range(QUESTIONS):
        # Noise bursts as a reference, a busy picture as features; two lengths of clips.
        reference = rng.normal(size=config.audio.sample_rate)
        reference *= np.exp(-np.arange(len(reference)) % 5000 / 800) * 0.3
        shape = (frames + frames // 4 * (number % 2), config.video.feature_width)
        inputs = {
            "features": rng.normal(size=(1, *shape)).astype(np.float32),
            "reference": reference[None].astype(np.float32),
            "background": np.zeros(1, np.float32),
        }
        outputs = model.signatures[SIGNATURE](**{k: tf.constant(v) for k, v in inputs.items()})
        pairs.append((inputs, outputs["waveform"].numpy()))
    return pairs


class Tally:
    """What the clients of one run saw."""

    def __init__(self):
        self.seconds: list[float] = []
        self.codes: Counter[str] = Counter()
        self.wrong, self.largest = 0, 0.0
        self._lock = threading.Lock()

    def answer(self, seconds: float, difference: float) -> None:
        with self._lock:
            self.seconds.append(seconds)
            self.wrong += difference > TOLERANCE
            self.largest = max(self.largest, difference)

    def error(self, code: str) -> None:
        with self._lock:
            self.codes[code] += 1


def _ask(address: str, pairs: list, first: int, end: float, tally: Tally) -> None:
    with Client(address, timeout_s=120) as client:
        number = first
        while time.monotonic() < end:
            inputs, expected = pairs[number % len(pairs)]
            number += 1
            started = time.monotonic()
            try:
                waveform = client.predict(SIGNATURE, inputs, ["waveform"])["waveform"]
            except ServerError as error:
                tally.error(error.code)
                continue
            same = waveform.shape == expected.shape
            distance = np.linalg.norm(waveform - expected) if same else np.inf
            difference = float(distance / np.linalg.norm(expected))
            tally.answer(time.monotonic() - started, difference)


def _run(served: Served, pairs: list, clients: int, seconds: float) -> tuple[Tally, float]:
    tally, started = Tally(), time.monotonic()
    threads = [
        threading.Thread(target=_ask, args=(served.address, pairs, i, started + seconds, tally))
        for i in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally, time.monotonic() - started


def main(
    model: Annotated[Path, typer.Option(help="Export, as vsg export writes it.")],
    seconds: Annotated[float, typer.Option(help="Length of each run.")] = 60.0,
    clients: Annotated[list[int] | None, typer.Option(help="Clients at once; repeat.")] = None,
    batch: Annotated[list[int] | None, typer.Option(help="--max-batch; repeat.")] = None,
    clip_seconds: Annotated[float, typer.Option(help="Length of the shorter clips.")] = 2.0,
) -> None:
    """Print a Markdown table, a row for each number of clients, without batching and with it."""
    pairs = _questions(model, clip_seconds)
    lengths = f"{clip_seconds:g} and {1.25 * clip_seconds:g} s"
    print(f"{SIGNATURE}, clips of {lengths}, {seconds:g} s a row\n")
    print("| batch | clients | answers/s | p50 s | p95 s | p99 s | wrong | errors | memory MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    largest = 0.0
    for size in batch or [1, 8]:
        with serve(model, "--max-batch", str(size)) as served:
            _run(served, pairs, 2, 2.0)  # the first requests after the start are not counted
            for count in clients or [1, 8, 32, 64]:
                tally, wall = _run(served, pairs, count, seconds)
                p50, p95, p99 = np.percentile(tally.seconds or [np.nan], [50, 95, 99])
                errors = ", ".join(f"{c}: {n}" for c, n in tally.codes.items()) or "none"
                rate = len(tally.seconds) / wall
                memory = f"{served.memory_mb():.0f}"
                times = f"{p50:.2f} | {p95:.2f} | {p99:.2f}"
                row = f"{size} | {count} | {rate:.2f} | {times} | {tally.wrong}"
                print(f"| {row} | {errors} | {memory} |", flush=True)
                largest = max(largest, tally.largest)
    print(f"\nLargest difference to the SavedModel alone, relative: {largest:.1e}")


if __name__ == "__main__":
    typer.run(main)
