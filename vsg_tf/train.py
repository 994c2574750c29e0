"""`vsg train`: train a generator on prepared data."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from vsg_tf.config import Config, load_config, shortened
from vsg_tf.data.manifest import read_manifest, with_weights_of
from vsg_tf.errors import ConfigError, InputError, WorkerLostError
from vsg_tf.extras import require
from vsg_tf.model_folder import CONFIG_FILE, find_model

TRACKER_NAMES = ("mlflow", "wandb")
EXIT_SIGNAL = 128  # plus the signal's number, as shells count it: 130 is SIGINT, 143 SIGTERM

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def train(
    data: Annotated[Path, typer.Option("--data", "-d", help="Folder of prepared data.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the run.")],
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="YAML file; with --resume the run's is the default."),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Model folder or run whose weights to begin with (fine-tuning); its config.yaml "
            "is the default for --config."
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue from a checkpoint.")] = False,
    override: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change a setting: section.key=value; may be repeated."),
    ] = None,
    auto_resume: Annotated[
        bool,
        typer.Option(
            "--auto-resume",
            help="Continue the run if it is there, else begin it: for jobs that are restarted.",
        ),
    ] = False,
    steps: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Train for so many steps instead, warm-up and adversarial phase at the same "
            "shares of them; with --resume and no --config the run just ends there.",
        ),
    ] = None,
    devices: Annotated[
        int | None, typer.Option(min=1, help="GPUs to use (default: all), or logical CPUs.")
    ] = None,
    log: Annotated[
        list[str] | None,
        typer.Option(
            metavar="|".join(TRACKER_NAMES),
            help="Also send the run to this experiment tracker. Repeatable.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Make three steps, say how long all take and what they need; write nothing.",
        ),
    ] = False,
    data_service: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Dispatcher of a tf.data service that makes the batches; see vsg data-service.",
        ),
    ] = None,
    workers: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT,...",
            help="All workers of the run, the same list on each; the first is the chief, who "
            "writes. Default: those of TF_CONFIG, or this process alone.",
        ),
    ] = None,
    worker_index: Annotated[
        int | None, typer.Option(min=0, help="Which of --workers this process is, from 0.")
    ] = None,
    worker_timeout: Annotated[
        float, typer.Option(min=1.0, help="Seconds to wait for workers that are not there.")
    ] = 300.0,
) -> None:
    """Train a generator; Ctrl-C saves a checkpoint to go on from with --resume."""
    from vsg_tf.training.cluster import find_cluster
    from vsg_tf.training.run_folder import RunFolder

    cluster = find_cluster(workers, worker_index, os.environ, worker_timeout)
    writes = cluster is None or cluster.is_chief
    folder = RunFolder(out)
    if auto_resume and writes:
        resume = folder.config.is_file()
        start = None if resume else start
    if resume and start is not None:
        raise ConfigError("A resumed run has its weights; leave out --start or --resume.")
    if start is not None:
        start = find_model(start)
        own = start / CONFIG_FILE
        config = config or (own if own.is_file() else None)
    settings = _settings(folder.config, config, resume, override or [], steps)
    if writes and not resume:
        folder.check_new()
    _require_all(log or (), cluster is not None)
    settings = with_weights_of(settings, read_manifest(data))
    if writes and resume:
        folder.check_resume(settings)
    if dry_run:
        from vsg_tf.training.dry_run import rehearse

        typer.echo(rehearse(settings, data, devices).text())
        return
    from vsg_tf.training.session import train_run

    try:
        outcome = train_run(
            settings,
            data,
            folder,
            resume=resume,
            devices=devices,
            start=start,
            cluster=cluster,
            trackers=log or (),
            data_service=data_service,
        )
    except WorkerLostError as error:
        _begin_again(error)
    if outcome.signal is not None:
        typer.echo(f"Stopped at step {outcome.step} and saved; continue with --resume.", err=True)
        raise typer.Exit(EXIT_SIGNAL + outcome.signal)
    place = f"the model is in {folder.model}" if writes else "the chief has the model"
    typer.echo(f"Trained {outcome.step} steps; {place}.")


def _require_all(trackers: Sequence[str], several_workers: bool) -> None:
    if several_workers:
        # A worker that is gone is said in one sentence here, and in many by TensorFlow.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for module in ("tensorflow", "tensorboard"):
        require(module, "tensorflow")
    for module in trackers:
        if module not in TRACKER_NAMES:
            raise InputError(f"--log knows {' and '.join(TRACKER_NAMES)}, not {module!r}.")
        require(module, module)


def _begin_again(error: WorkerLostError) -> NoReturn:
    """Become the same command once more: TensorFlow cannot join a cluster twice."""
    print(
        f"{error} Waiting for it, to go on from the last checkpoint.", file=sys.stderr, flush=True
    )
    again = [] if "--auto-resume" in sys.orig_argv else ["--auto-resume"]
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:], *again])


def _settings(
    stored: Path, given: Path | None, resume: bool, overrides: list[str], steps: int | None
) -> Config:
    if given is not None:
        return shortened(load_config(given, overrides), steps)
    if not resume:
        raise ConfigError("Name a configuration with --config, for example configs/default.yaml.")
    if not stored.is_file():
        raise InputError(f"There is no run to resume in {stored.parent}; leave out --resume.")
    ended = [] if steps is None else [f"training.steps={steps}"]
    return load_config(stored, [*overrides, *ended])


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
