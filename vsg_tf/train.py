"""`vsg train`: train a generator on prepared data."""

from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.config import Config, load_config
from vsg_tf.data.manifest import read_manifest, with_weights_of
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.extras import require
from vsg_tf.model_folder import CONFIG_FILE, find_model

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
    devices: Annotated[
        int | None, typer.Option(min=1, help="GPUs to use (default: all), or logical CPUs.")
    ] = None,
) -> None:
    """Train a generator; Ctrl-C saves a checkpoint to go on from with --resume."""
    from vsg_tf.training.run_folder import RunFolder

    folder = RunFolder(out)
    if resume and start is not None:
        raise ConfigError("A resumed run has its weights; leave out --start or --resume.")
    if start is not None:
        start = find_model(start)
        own = start / CONFIG_FILE
        config = config or (own if own.is_file() else None)
    settings = _settings(folder.config, config, resume, override or [])
    if not resume:
        folder.check_new()
    for module in ("tensorflow", "tensorboard"):
        require(module, "tensorflow")
    settings = with_weights_of(settings, read_manifest(data))
    if resume:
        folder.check_resume(settings)
    from vsg_tf.training.session import train_run

    outcome = train_run(settings, data, folder, resume=resume, devices=devices, start=start)
    if outcome.signal is not None:
        typer.echo(f"Stopped at step {outcome.step} and saved; continue with --resume.", err=True)
        raise typer.Exit(EXIT_SIGNAL + outcome.signal)
    typer.echo(f"Trained {outcome.step} steps; the model is in {folder.model}.")


def _settings(stored: Path, given: Path | None, resume: bool, overrides: list[str]) -> Config:
    if given is not None:
        return load_config(given, overrides)
    if not resume:
        raise ConfigError("Name a configuration with --config, for example configs/default.yaml.")
    if not stored.is_file():
        raise InputError(f"There is no run to resume in {stored.parent}; leave out --resume.")
    return load_config(stored, overrides)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
