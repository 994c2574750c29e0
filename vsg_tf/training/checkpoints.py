"""Checkpoints that survive a kill at any moment and are read without unpickling.

`step-00000500/` holds `arrays.npz` (named arrays) and `state.json`. A folder is written beside its
place, flushed to the disk and renamed, so that a name that is there is whole.
"""

import hashlib
import json
import logging
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from vsg_tf.errors import InputError

ARRAYS_FILE = "arrays.npz"
STATE_FILE = "state.json"
_NAME = re.compile(r"step-(\d{8,})")

logger = logging.getLogger(__name__)


class CheckpointState(BaseModel):
    """What is not an array.

    Args:
        step: generator updates done.
        epoch, batch: where the data goes on: `batch` batches of `epoch` have been used.
        best: lowest validation error so far, None before the first validation.
        best_step: step of `best`; its checkpoint is kept.
        config: the run's configuration as plain values.
        versions: versions of this package, Keras and TensorFlow that wrote it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: NonNegativeInt
    epoch: NonNegativeInt
    batch: NonNegativeInt
    best: float | None = None
    best_step: NonNegativeInt | None = None
    config: dict[str, Any] = {}
    versions: dict[str, str] = {}


class DamagedCheckpointError(InputError):
    """A checkpoint that is incomplete, altered or not of this format."""


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_state(path: Path) -> CheckpointState:
    """What is not an array of one checkpoint folder; its arrays are not looked at.

    Raises:
        DamagedCheckpointError: it cannot be read or is not of this format.
    """
    return _read_state(path)[0]


def _read_state(path: Path) -> tuple[CheckpointState, str]:
    """And the checksum of the arrays."""
    try:
        stored = json.loads((path / STATE_FILE).read_text(encoding="utf-8"))
        digest = stored.pop("arrays_sha256")
        return CheckpointState.model_validate(stored), digest
    except (TypeError, ValidationError) as error:
        raise DamagedCheckpointError(f"The checkpoint {path} is not one of this format.") from error
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise DamagedCheckpointError(f"The checkpoint {path} is damaged or incomplete.") from error


def read_checkpoint(path: Path) -> tuple[dict[str, np.ndarray], CheckpointState]:
    """Arrays and state of one checkpoint folder.

    Raises:
        DamagedCheckpointError: a file is missing, altered, or holds Python objects.
    """
    try:
        state, digest = _read_state(path)
        if _digest(path / ARRAYS_FILE) != digest:
            raise DamagedCheckpointError(f"The checkpoint {path} is damaged: its arrays changed.")
        # allow_pickle=False: a checkpoint from a stranger cannot run code here.
        with np.load(path / ARRAYS_FILE, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}, state
    except DamagedCheckpointError:
        raise
    except (OSError, ValueError, KeyError, AttributeError, EOFError) as error:
        raise DamagedCheckpointError(f"The checkpoint {path} is damaged or incomplete.") from error
    except (TypeError, ValidationError, zipfile.BadZipFile) as error:
        raise DamagedCheckpointError(f"The checkpoint {path} is not one of this format.") from error


class CheckpointStore:
    """The checkpoints of one run.

    Args:
        folder: `RUN/checkpoints`; created when the first checkpoint is saved.
        keep: how many of the newest stay; the best one (`CheckpointState.best_step`) also does.
    """

    def __init__(self, folder: str | os.PathLike, keep: int):
        self.folder = Path(folder)
        self.keep = keep

    def paths(self) -> list[Path]:
        """Checkpoint folders, oldest first."""
        if not self.folder.is_dir():
            return []
        found = [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
        return sorted(found, key=self._step)

    @staticmethod
    def _step(path: Path) -> int:
        return int(_NAME.fullmatch(path.name).group(1))

    def save(self, arrays: Mapping[str, np.ndarray], state: CheckpointState) -> Path:
        """Write one checkpoint whole, then remove those that need not be kept.

        Raises:
            InputError: it cannot be written (disk full, permission); nothing half-written stays.
        """
        target = self.folder / f"step-{state.step:08d}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(dir=self.folder, prefix=".writing-"))
        except OSError as error:
            raise InputError(f"Cannot write checkpoints to {self.folder} ({error}).") from error
        try:
            self._write(temporary, arrays, state)
            # A damaged checkpoint of this step may be in the way after a fall-back.
            shutil.rmtree(target, ignore_errors=True)
            temporary.rename(target)
            _flush(self.folder)
        except OSError as error:
            raise InputError(
                f"Cannot write the checkpoint {target} ({error}); free some space and --resume."
            ) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        self._prune(state.best_step)
        return target

    @staticmethod
    def _write(folder: Path, arrays: Mapping[str, np.ndarray], state: CheckpointState) -> None:
        np.savez(folder / ARRAYS_FILE, **arrays)
        values = {**state.model_dump(mode="json"), "arrays_sha256": _digest(folder / ARRAYS_FILE)}
        (folder / STATE_FILE).write_text(json.dumps(values, indent=1), encoding="utf-8")
        folder.chmod(0o755)
        for path in (folder / ARRAYS_FILE, folder / STATE_FILE, folder):
            _flush(path)

    def _prune(self, best_step: int | None) -> None:
        for path in self.paths()[: -self.keep]:
            if self._step(path) != best_step:
                shutil.rmtree(path, ignore_errors=True)
        # What a killed process was writing.
        for path in self.folder.glob(".writing-*"):
            shutil.rmtree(path, ignore_errors=True)

    def load_newest(self) -> tuple[dict[str, np.ndarray], CheckpointState] | None:
        """The newest checkpoint that is whole, or None where there is none at all.

        A damaged one is passed over with a warning.

        Raises:
            InputError: there are checkpoints but every one of them is damaged.
        """
        paths = self.paths()
        for path in reversed(paths):
            try:
                return read_checkpoint(path)
            except DamagedCheckpointError as error:
                logger.warning("%s Trying the one before.", error)
        if paths:
            raise InputError(f"Every checkpoint in {self.folder} is damaged; start a new run.")
        return None
