"""From the shell to the written file: wall time, CPU time and peak memory of whole processes.

    python benchmarks/cold_start.py
    python benchmarks/cold_start.py --install    # in a new environment of the base install alone

A clip of 10 s, 640 x 360, and a reference of 5 s, on two cores; medians of five processes on a warm
disk. The timing comes from the picture, from a list and from a guide. Under each, the parts of one
more process, whose functions are timed from within (exclusive times, so they add up).

`--install` first makes an environment, says how much of the disk the install takes, and runs the
first process of all in it; the other processes run there, too.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).parents[1]
SECONDS, SIZE, FPS = 10.0, (640, 360), 25
STRIKES = (0.6, 1.5, 2.1, 3.3, 4.0, 4.6, 5.8, 6.4, 7.7, 8.3, 9.2)  # s
CORES = 2
NOT_OURS = ("pip", "setuptools", "pkg_resources", "_distutils_hack")  # of a new environment


def write_clip(path: Path) -> None:
    """A square that swings down on each strike over a noisy, drifting background, as H.264."""
    import av
    import numpy as np

    width, height = SIZE
    rng = np.random.default_rng(0)
    wall = np.kron(rng.integers(60, 110, (height // 8, width // 8)), np.ones((8, 8))).astype(int)
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=FPS, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for index in range(round(SECONDS * FPS)):
            now = index / FPS
            wait = min((strike - now for strike in STRIKES if strike >= now), default=1.0)
            top = round((height - 90) * (1 - min(1.0, wait / 0.3)) ** 2)
            grey = np.roll(wall, index // 5, axis=1) + rng.integers(-6, 7, wall.shape)
            grey[top : top + 90, 270:370] = 220
            picture = np.repeat(grey.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)
            target.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        target.mux(stream.encode(None))


def write_sounds(reference: Path, guide: Path) -> None:
    """Strikes that ring: 5 s to copy from at 44.1 kHz, 10 s to follow."""
    import numpy as np
    import soundfile

    rng = np.random.default_rng(1)
    for path, seconds, times in ((reference, 5.0, (0.4, 1.3, 2.6, 3.9)), (guide, SECONDS, STRIKES)):
        rate = 44_100
        sound = 1e-4 * rng.normal(size=round(seconds * rate))
        for start in times:
            since = np.arange(len(sound)) / rate - start
            ring = np.sin(2 * np.pi * 700 * since) + 0.5 * rng.normal(size=len(sound))
            sound += np.where(since >= 0, 0.4 * ring * np.exp(-np.maximum(since, 0) / 0.08), 0)
        soundfile.write(path, sound, rate)


def write_material(folder: Path) -> None:
    """`clip.mp4`, `reference.wav` and `guide.wav`."""
    write_clip(folder / "clip.mp4")
    write_sounds(folder / "reference.wav", folder / "guide.wav")


def run_process(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Wall time and CPU time in s and peak memory in MB of one process."""
    start = time.perf_counter()
    with (folder / "output.txt").open("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}\n{output.read()}")
    unit = 1024**2 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def parts_of(python: Path, arguments: list[str], folder: Path) -> dict[str, list[float]]:
    """Seconds and CPU seconds of each part of one process."""
    report = folder / "parts.json"
    script = Path(__file__).with_name("cold_start_parts.py")
    command = [str(python), str(script), str(report), repr(time.time()), *arguments]
    run_process(command, folder)
    return json.loads(report.read_text())


def install(folder: Path) -> Path:
    """A new environment with the base install; prints how much of the disk it takes."""
    print("installing ...", file=sys.stderr)
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), str(ROOT)], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    sizes = {
        path.name: sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        for path in packages.iterdir()
        if not path.name.startswith(NOT_OURS)
    }
    own = sum(size for name, size in sizes.items() if name.startswith("vsg_tf"))
    print(f"base install: {sum(sizes.values()) / 1e6:.0f} MB, of which this package and its model")
    print(f"{own / 1e6:.0f} MB; the largest others:")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1])[:8]:
        if not name.startswith("vsg_tf"):
            print(f"  {name} {size / 1e6:.0f} MB")
    return python


def main(
    rounds: Annotated[int, typer.Option(help="Processes of each kind.", min=1)] = 5,
    fresh: Annotated[
        bool, typer.Option("--install", help="In a new environment of the base install.")
    ] = False,
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    timing: Annotated[
        list[str] | None, typer.Option(help="picture, list or guide. [all of them]")
    ] = None,
) -> None:
    """Print Markdown tables."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        # Elsewhere, because a process begins with its parent's memory, which counts for its peak.
        with get_context("spawn").Pool(1) as pool:
            pool.apply(write_material, (folder,))
        video, reference = folder / "clip.mp4", folder / "reference.wav"
        python = install(folder / "environment") if fresh else Path(sys.executable)
        common = ["--video", video, "--reference", reference, "--output", folder / "out.mp4"]
        common += ["--overwrite", *(["--model", model] if model else [])]
        kinds = {
            "picture": [*common, "--events-out", folder / "events.csv"],
            "list": [*common, "--events-in", folder / "events.csv"],
            "guide": [*common, "--guide", folder / "guide.wav"],
        }
        kinds = {
            name: [str(word) for word in words]
            for name, words in kinds.items()
            if not timing or name in timing
        }
        generate = [str(python), "-m", "vsg_tf.generate"]
        rows = {}
        first = [str(word) for word in (*common, "--events-out", folder / "events.csv")]
        if fresh:
            rows["picture, first after the install"] = [run_process([*generate, *first], folder)]
        run_process([*generate, *first], folder)  # warms the disk, writes the list
        for name, words in kinds.items():
            rows[name] = [run_process([*generate, *words], folder) for _ in range(rounds)]
        rows["vsg --help"] = [
            run_process(
                [str(python), "-c", "from vsg_tf.cli import main; main()", "--help"], folder
            )
            for _ in range(rounds)
        ]
        print(f"\n{SECONDS:g} s of {SIZE[0]} x {SIZE[1]}, {CORES} cores, medians of {rounds}\n")
        print("| timing from | s | CPU s | peak MB |\n|---|---|---|---|")
        for name, runs in rows.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*runs, strict=True))
            print(f"| {name} | {wall:.2f} | {cpu:.2f} | {memory:.0f} |")
        parts = {name: parts_of(python, words, folder) for name, words in kinds.items()}
        print("\n| part, s / CPU s |", " | ".join(parts), "|\n|---|" + "---|" * len(parts))
        for part in next(iter(parts.values())):
            cells = ("{:.2f} / {:.2f}".format(*one[part]) for one in parts.values())
            print(f"| {part} |", " | ".join(cells), "|")


if __name__ == "__main__":
    typer.run(main)
