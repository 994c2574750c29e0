"""Memory and time of `vsg generate` against the length of the clip.

Each clip is rendered here and given a sound in a process of its own, whose peak memory the
operating system tells. Memory must not grow with the length.
"""

import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import av
import numpy as np
import soundfile
import typer

FPS, WIDTH, HEIGHT = 25, 160, 120
STRIKES_PER_SECOND = 1.3
RATE = 22050


def write_clip(path: Path, seconds: float) -> None:
    """A square that falls and stops, again and again; encoded frame by frame."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream("mpeg4", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = 200_000
        for index in range(round(seconds * FPS)):
            phase = index / FPS * STRIKES_PER_SECOND % 1.0
            picture = np.full((HEIGHT, WIDTH, 3), 70, np.uint8)
            top = round((HEIGHT - 30) * min(1.0, 1.6 * phase**2))
            picture[top : top + 30, 60:90] = 220
            target.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        target.mux(stream.encode(None))


def write_reference(path: Path) -> None:
    """Two seconds of decaying noise bursts."""
    since = np.arange(2 * RATE) / RATE % 0.5
    noise = np.random.default_rng(0).uniform(-0.7, 0.7, len(since))
    soundfile.write(path, noise * np.exp(-since / 0.05), RATE)


def _generate(arguments: list[str]) -> tuple[float, float, float]:
    """Peak memory in MB, seconds, and CPU seconds of one `vsg generate`."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "vsg_tf.generate", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1024 if sys.platform == "darwin" else 1  # bytes there, KiB elsewhere
    return usage.ru_maxrss / unit / 1024, seconds, usage.ru_utime + usage.ru_stime


def main(
    seconds: Annotated[
        list[float] | None,
        typer.Option(help="Length of a clip in s; may be given several times. [10, 120, 600]"),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model folder; default: the model that ships.")
    ] = None,
) -> None:
    """Print peak memory and time of `vsg generate` for clips of several lengths."""
    print(f"{'clip (s)':>10} {'peak memory (MB)':>18} {'time (s)':>10} {'CPU (s)':>10}")
    for length in seconds or [10.0, 120.0, 600.0]:
        with tempfile.TemporaryDirectory() as folder:
            clip, reference = Path(folder) / "clip.mp4", Path(folder) / "reference.wav"
            write_clip(clip, length)
            write_reference(reference)
            arguments = ["--video", str(clip), "--reference", str(reference)]
            arguments += ["--output", str(Path(folder) / "out.mp4")]
            arguments += ["--model", str(model)] if model else []
            # The peak of children is a maximum over all of them: a fresh parent for each.
            with get_context("spawn").Pool(1) as pool:
                memory, elapsed, busy = pool.apply(_generate, (arguments,))
        print(f"{length:10.0f} {memory:18.0f} {elapsed:10.1f} {busy:10.1f}", flush=True)


if __name__ == "__main__":
    typer.run(main)
