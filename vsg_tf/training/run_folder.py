"""The folder of a run: what is in it, and whether a run may start or go on there."""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vsg_tf.atomic import atomic_path
from vsg_tf.config import Config, config_to_yaml, load_config
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.model_folder import copy_vocoder, has_vocoder, new_model_folder

# What may change between the parts of one run: how long it is and how often it reports.
FREE_KEYS = frozenset(
    f"training.{name}"
    for name in (
        "steps",
        "log_every",
        "validate_every",
        "validation_batches",
        "checkpoint_every",
        "keep_checkpoints",
    )
)


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested mappings as pairs of a dotted key and a value."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def first_difference(old: Config, new: Config) -> tuple[str, Any, Any] | None:
    """First key, outside `FREE_KEYS`, whose value differs: (key, old value, new value)."""
    before = dict(leaves(old.model_dump(mode="json")))
    for key, value in leaves(new.model_dump(mode="json")):
        if key not in FREE_KEYS and before.get(key) != value:
            return key, before.get(key), value
    return None


class RunFolder:
    """Paths inside a run's folder."""

    def __init__(self, path: str | Path):
        self.path = Path(path)

    @property
    def config(self) -> Path:
        """The run's whole configuration."""
        return self.path / "config.yaml"

    @property
    def checkpoints(self) -> Path:
        """Folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def logs(self) -> Path:
        """Folder of TensorBoard files."""
        return self.path / "logs"

    @property
    def model(self) -> Path:
        """Folder that `vsg generate --model` reads."""
        return self.path / "model"

    @property
    def vocoder(self) -> Path:
        """Folder with the vocoder of the model that the run began with, if that had one."""
        return self.path / "vocoder"

    def keep_vocoder(self, start: Path) -> None:
        """Keep the vocoder of the model folder `start`, which every model of the run gets, too."""
        if has_vocoder(start):
            with new_model_folder(self.vocoder) as folder:
                copy_vocoder(start, folder)

    @property
    def model_before_adversarial(self) -> Path:
        """The same of the phase before the discriminators, to compare with."""
        return self.path / "model_before_adversarial"

    def check_new(self) -> None:
        """Check that nothing is there yet.

        Raises:
            InputError: the folder exists and is not empty, or is a file.
        """
        if self.path.is_dir() and not any(self.path.iterdir()):
            return
        if self.path.exists():
            raise InputError(
                f"The run {self.path} exists; pass --resume to continue it or name another --out."
            )

    def check_resume(self, config: Config) -> None:
        """Check that `config` continues what is there.

        Raises:
            InputError: there is no run.
            ConfigError: its configuration differs in a key that may not change.
        """
        if not self.config.is_file():
            raise InputError(f"There is no run to resume in {self.path}; leave out --resume.")
        difference = first_difference(load_config(self.config), config)
        if difference is not None:
            key, old, new = difference
            raise ConfigError(
                f"The run {self.path} was started with {key} = {old}, not {new}; resume it with "
                "the same configuration or start a new run."
            )

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from training into the folder, which is made if needed.

        The lock is the kernel's, so nothing of it stays when a process is killed.

        Raises:
            InputError: another process trains there, or the folder cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDONLY)
        except OSError as error:
            raise InputError(f"Cannot make the run {self.path} ({error.strerror}).") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            raise InputError(f"Another process is training into {self.path}.") from error
        try:
            yield
        finally:
            os.close(handle)

    def write_config(self, config: Config) -> None:
        """Create the folder and write `config.yaml`.

        Raises:
            InputError: it cannot be written.
        """
        with atomic_path(self.config, overwrite=True) as temporary:
            temporary.write_text(config_to_yaml(config), encoding="utf-8")
