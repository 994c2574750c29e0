"""Experiment trackers beside TensorBoard: the same numbers and pictures, sent on as they come."""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from vsg_tf.atomic import atomic_path
from vsg_tf.config import Config
from vsg_tf.extras import require
from vsg_tf.training.run_folder import RunFolder, leaves

IDENTITIES = "trackers.json"  # of the run in each tracker, so that a resumed run goes on there
PROJECT = "vsg-tf"


class Log(Protocol):
    """What a run tells whoever keeps its record; `logs.RunLog` is the one for TensorBoard."""

    def configuration(self, step: int, text: str) -> None:
        """Keep the settings (YAML) with which the run begins, or goes on, at a step."""

    def scalars(self, step: int, group: str, values: Mapping[str, float]) -> None:
        """Keep numbers as `group/name`."""

    def examples(self, step: int, mels: Mapping[str, np.ndarray]) -> None:
        """Keep mels `[B, frames, M]` in 0..1 by name."""

    def flush(self) -> None:
        """The run has ended: bring everything to its place."""


class SeveralLogs:
    """Tells each of its members everything.

    Args:
        members: in the order in which they are told.
    """

    def __init__(self, members: Sequence[Log]):
        self.members = tuple(members)

    def configuration(self, step: int, text: str) -> None:
        """See `Log`."""
        for member in self.members:
            member.configuration(step, text)

    def scalars(self, step: int, group: str, values: Mapping[str, float]) -> None:
        """See `Log`."""
        for member in self.members:
            member.scalars(step, group, values)

    def examples(self, step: int, mels: Mapping[str, np.ndarray]) -> None:
        """See `Log`."""
        for member in self.members:
            member.examples(step, mels)

    def flush(self) -> None:
        """See `Log`."""
        for member in self.members:
            member.flush()


class MlflowLog:
    """Sends a run to MLflow; where to is told by MLFLOW_TRACKING_URI and MLFLOW_EXPERIMENT_NAME.

    Args:
        folder: of the run, whose name it gets.
        config: its settings, kept as parameters.

    Raises:
        MissingExtraError: MLflow is not installed.
    """

    def __init__(self, folder: RunFolder, config: Config):
        self._mlflow = require("mlflow", "mlflow")
        known = _identity(folder, "mlflow")
        run = self._mlflow.start_run(run_id=known, run_name=None if known else _name(folder))
        _keep_identity(folder, "mlflow", run.info.run_id)
        if known is None:
            settings = leaves(config.model_dump(mode="json"))
            self._mlflow.log_params({key: str(value)[:500] for key, value in settings})

    def configuration(self, step: int, text: str) -> None:
        """See `Log`."""
        self._mlflow.log_text(text, f"configuration-step{step:08d}.yaml")

    def scalars(self, step: int, group: str, values: Mapping[str, float]) -> None:
        """See `Log`."""
        metrics = {f"{group}/{name}": float(value) for name, value in values.items()}
        self._mlflow.log_metrics(metrics, step=step)

    def examples(self, step: int, mels: Mapping[str, np.ndarray]) -> None:
        """See `Log`; each mel is a PNG, time to the right and pitch up."""
        import cv2

        with tempfile.TemporaryDirectory() as place:
            for name, mel in mels.items():
                for number, picture in enumerate(_pictures(mel)):
                    path = Path(place) / f"{name}-{number}-step{step:08d}.png"
                    cv2.imwrite(str(path), picture)
                    self._mlflow.log_artifact(str(path), artifact_path=f"mel/{name}")

    def flush(self) -> None:
        """See `Log`."""
        self._mlflow.end_run()


class WandbLog:
    """Sends a run to Weights & Biases; WANDB_MODE=offline keeps it in the run's folder.

    Args:
        folder: of the run, whose name it gets.
        config: its settings.

    Raises:
        MissingExtraError: wandb is not installed.
    """

    def __init__(self, folder: RunFolder, config: Config):
        self._wandb = require("wandb", "wandb")
        folder.path.mkdir(parents=True, exist_ok=True)
        self._run = self._wandb.init(
            project=PROJECT,
            id=_identity(folder, "wandb"),
            name=_name(folder),
            dir=str(folder.path),
            config=config.model_dump(mode="json"),
            resume="allow",
        )
        _keep_identity(folder, "wandb", self._run.id)

    def configuration(self, step: int, text: str) -> None:
        """See `Log`; the run was given it when it began."""

    def scalars(self, step: int, group: str, values: Mapping[str, float]) -> None:
        """See `Log`."""
        self._run.log({f"{group}/{name}": value for name, value in values.items()}, step=step)

    def examples(self, step: int, mels: Mapping[str, np.ndarray]) -> None:
        """See `Log`."""
        pictures = {
            f"mel/{name}": [self._wandb.Image(picture) for picture in _pictures(mel)]
            for name, mel in mels.items()
        }
        self._run.log(pictures, step=step)

    def flush(self) -> None:
        """See `Log`."""
        self._run.finish()


TRACKERS: Mapping[str, Callable[[RunFolder, Config], Log]] = {
    "mlflow": MlflowLog,
    "wandb": WandbLog,
}


def _name(folder: RunFolder) -> str:
    return folder.path.resolve().name


def _pictures(mels: np.ndarray) -> np.ndarray:
    levels = np.clip(mels, 0.0, 1.0).transpose(0, 2, 1)[:, ::-1]
    return np.rint(levels * 255).astype(np.uint8)


def _identities(folder: RunFolder) -> dict[str, Any]:
    try:
        return json.loads((folder.path / IDENTITIES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _identity(folder: RunFolder, tracker: str) -> str | None:
    return _identities(folder).get(tracker)


def _keep_identity(folder: RunFolder, tracker: str, identity: str) -> None:
    values = {**_identities(folder), tracker: identity}
    with atomic_path(folder.path / IDENTITIES, overwrite=True) as temporary:
        temporary.write_text(json.dumps(values), encoding="utf-8")
