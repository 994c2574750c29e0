"""Runs of several configurations, trained where they are missing."""

from collections.abc import Sequence
from pathlib import Path

from vsg_tf.config import Config, load_config, shortened
from vsg_tf.errors import InputError, TrainingError
from vsg_tf.training.run_folder import RunFolder


def train_one(config: Config, data: Path, run: Path) -> Path:
    """Train into a run folder, or go on there; the model folder.

    Raises:
        VsgError: as training, or it was stopped.
    """
    from vsg_tf.training.session import train_run

    folder = RunFolder(run)
    resume = folder.config.is_file()
    if resume:
        folder.check_resume(config)
    else:
        folder.check_new()
    outcome = train_run(config, data, folder, resume=resume, devices=None)
    if outcome.signal is not None:
        raise TrainingError(f"Stopped at step {outcome.step}; the same command goes on.")
    return folder.model


def train_missing(
    configs: Path,
    runs: Path,
    data: Path,
    overrides: Sequence[str] = (),
    steps: int | None = None,
) -> dict[str, Path]:
    """Train every configuration of a folder that has no model yet.

    Args:
        configs: folder of YAML files.
        runs: each gets the folder of its file's name there.
        data: prepared data.
        overrides: as `--set` of `vsg train`.
        steps: train each for so many instead; see `shortened`.

    Returns:
        Model folders by the files' names, sorted.

    Raises:
        VsgError: there is no configuration, one is not valid, or as `train_one`.
    """
    files = sorted(configs.glob("*.yaml"))
    if not files:
        raise InputError(f"{configs} holds no configuration (*.yaml).")
    loaded = {path.stem: shortened(load_config(path, overrides), steps) for path in files}
    models = {}
    for name, config in loaded.items():
        model = RunFolder(runs / name).model
        models[name] = model if model.is_dir() else train_one(config, data, runs / name)
    return models
