"""What a few real clips add: timing of a model before and after fine-tuning, on clips held out.

    python benchmarks/fine_tuning.py --videos CLIPS --folds 3

The clips are dealt into folds, all of one source together: names alike up to `__` or to their last
digits. For each fold the model is trained on the others by `vsg prepare videos` and `vsg train
--start`, then scored on the fold as benchmarks/timing.py scores; the picker is not touched. The
difference is paired by clip, with its 95 % bootstrap interval.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from timing import score_timing

from vsg_tf.command import run
from vsg_tf.errors import InputError, VsgError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _source(path: Path) -> str:
    return re.sub(r"[\s_-]*\d+$", "", path.stem.partition("__")[0])


def _deal(videos: list[Path], folds: int, seed: int) -> list[list[Path]]:
    """Folds of about one size; a source is in one of them."""
    sources = sorted({_source(path) for path in videos})
    order = np.random.default_rng(seed).permutation(len(sources))
    dealt: list[list[Path]] = [[] for _ in range(folds)]
    for index in order:
        smallest = min(dealt, key=len)
        smallest += [path for path in videos if _source(path) == sources[index]]
    return dealt


def _vsg(*arguments) -> None:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise InputError(f"{' '.join(command[2:4])} failed: {done.stderr.strip()[-500:]}")


def _fine_tune(model: Path, clips: list[Path], work: Path, steps: int, rate: float) -> Path:
    """Folder of the model that was trained on `clips`; kept, so that a second call is free."""
    trained = work / "run" / "model"
    if trained.is_dir():
        return trained
    folder = work / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    for path in clips:
        link = folder / path.name
        if not link.exists():
            link.symlink_to(path.resolve())
    config = ["--config", model / "config.yaml"]
    data = work / "data"
    _vsg("vsg_tf.prepare", "videos", folder, *config, "--out", data, "--valid-fraction", 0)
    settings = {
        "steps": steps,
        "learning_rate": rate,
        "learning_rate_warmup": 10,
        "adversarial_start": steps,
    }
    changes = [f"--set=training.{key}={value}" for key, value in settings.items()]
    _vsg("vsg_tf.train", "--start", model, "--data", data, "--out", work / "run", *changes)
    return trained


@app.command()
def main(
    videos: Annotated[list[Path], typer.Option(help="Folder of videos with sound. Repeatable.")],
    model: Annotated[Path | None, typer.Option(help="Model folder; default: what ships.")] = None,
    work: Annotated[Path, typer.Option(help="Folder for data and runs.")] = Path("out/fine_tuning"),
    folds: Annotated[int, typer.Option(min=2, help="Parts the clips are dealt into.")] = 3,
    steps: Annotated[int, typer.Option(min=1, help="Training steps of each fold.")] = 120,
    rate: Annotated[float, typer.Option(help="Learning rate.")] = 5e-4,
    seed: Annotated[int, typer.Option(min=0, help="Of the dealing.")] = 0,
) -> None:
    """Print a Markdown table: before, after, and the difference."""
    from vsg_tf.inference.synthesizer import Synthesizer, default_model_dir
    from vsg_tf.metrics.statistics import bootstrap_mean

    model = model or default_model_dir()
    paths = sorted(path for folder in videos for path in folder.rglob("*.mp4"))
    dealt = _deal(paths, folds, seed)
    if not all(dealt):
        raise InputError(f"{len(paths)} clips are too few sources for {folds} folds.")
    before = Synthesizer.load(model)
    rows: list[tuple[dict, dict]] = []
    for number, held_out in enumerate(dealt):
        others = [path for fold in dealt if fold is not held_out for path in fold]
        after = Synthesizer.load(_fine_tune(model, others, work / f"fold{number}", steps, rate))
        for path in held_out:
            try:
                rows.append((score_timing(before, path), score_timing(after, path)))
            except VsgError as error:
                print(f"left out: {error}")
    print(f"{len(rows)} clips, each scored by a model that was trained on the other folds\n")
    print("| measure | before | after | difference |\n|---|---|---|---|")
    for name in rows[0][0]:
        values = np.array([[one[name], other[name]] for one, other in rows])
        change = bootstrap_mean(values[:, 1] - values[:, 0])
        means = values.mean(axis=0)
        print(
            f"| {name} | {means[0]:.3f} | {means[1]:.3f} "
            f"| {change.mean:+.3f} [{change.low:+.3f}, {change.high:+.3f}] |"
        )


if __name__ == "__main__":
    run(app)
