"""`vsg runs`: how far the runs of a folder are."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.config import Config, load_config
from vsg_tf.errors import InputError, VsgError
from vsg_tf.training.checkpoints import CheckpointState, read_state
from vsg_tf.training.run_folder import RunFolder

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

_DEPTH = 3  # folders below the one that is named


@dataclass(frozen=True)
class RunSummary:
    """How far a run is.

    Args:
        path: its folder.
        state: `running`, `finished`, `stopped`, `begun` (no checkpoint yet) or `unreadable`.
        step, steps: done, and wanted.
        best, best_step: the best validation score, None where there was none.
        clips_per_second: between its last two checkpoints, validation and all.
    """

    path: Path
    state: str
    step: int = 0
    steps: int = 0
    best: float | None = None
    best_step: int | None = None
    clips_per_second: float | None = None


def find_runs(folder: Path) -> list[RunFolder]:
    """Folders that `vsg train` wrote, at most three levels deep, by name.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.")
    found = []
    for place, names, files in os.walk(folder):
        path = Path(place)
        if "config.yaml" in files and {"checkpoints", "logs"} & set(names):
            found.append(RunFolder(path))
            names.clear()
        if len(path.relative_to(folder).parts) >= _DEPTH:
            names.clear()
        names.sort()
    return found


def summarise(run: RunFolder) -> RunSummary:
    """What the files of a run say; nothing is imported and nothing waited for."""
    try:
        config = load_config(run.config)
        states = _states(run)
    except VsgError:
        return RunSummary(run.path, "unreadable")
    busy = _is_locked(run.path)
    if not states:
        return RunSummary(run.path, "running" if busy else "begun", steps=config.training.steps)
    last, _ = states[-1]
    ended = "finished" if last.step >= config.training.steps else "stopped"
    return RunSummary(
        run.path,
        "running" if busy else ended,
        last.step,
        config.training.steps,
        last.best,
        last.best_step,
        _speed(states, config),
    )


def _states(run: RunFolder) -> list[tuple[CheckpointState, float]]:
    """States and times of the checkpoints, oldest first; damaged ones are left out."""
    found = []
    for path in sorted(run.checkpoints.glob("step-*")):
        try:
            found.append((read_state(path), path.stat().st_mtime))
        except (VsgError, OSError):
            continue
    return found


def _speed(states: list[tuple[CheckpointState, float]], config: Config) -> float | None:
    if len(states) < 2:
        return None
    (before, then), (last, now) = states[-2:]
    return (last.step - before.step) * config.training.batch_size / max(now - then, 1e-3)


def _is_locked(path: Path) -> bool:
    """Whether a process of this machine trains there."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@app.command()
def runs(
    folder: Annotated[Path, typer.Argument(help="Folder with runs of vsg train, or one run.")],
) -> None:
    """List runs: step, best score, speed and whether they run."""
    from rich.console import Console
    from rich.table import Table

    found = find_runs(folder)
    if not found:
        raise InputError(f"There is no run in {folder}; vsg train --out makes one.")
    table = Table("run", "state", "step", "best", "at step", "clips/s")
    for one in map(summarise, found):
        name = one.path.relative_to(folder) if one.path != folder else one.path.name
        table.add_row(
            str(name),
            one.state,
            f"{one.step}/{one.steps}",
            "" if one.best is None else f"{one.best:.4f}",
            "" if one.best_step is None else str(one.best_step),
            "" if one.clips_per_second is None else f"{one.clips_per_second:.3g}",
        )
    Console().print(table)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
