"""The versions of one model: the newest that can be loaded serves, and is replaced while it does.

As in TensorFlow Serving, a folder named by a number is a version, and the highest is wanted.
"""

import contextlib
import gc
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vsg_tf.errors import InputError
from vsg_tf.serving.protocol import VERSION_STATES
from vsg_tf.serving.refusal import not_found

LOG = logging.getLogger(__name__)


class Model(Protocol):
    """What is loaded: something that knows its version."""

    version: int


@dataclass(frozen=True)
class VersionState:
    """Where a version is on its way.

    Args:
        state: a name of TensorFlow Serving's `ModelVersionStatus.State`.
        problem: why it could not be loaded; empty otherwise.
    """

    state: str
    problem: str = ""

    @property
    def number(self) -> int:
        """The state as the protocol writes it."""
        return VERSION_STATES.values_by_name[self.state].number


class _Lease:
    """A loaded model and those who use it now."""

    def __init__(self, model: Model):
        self.model, self.users = model, 0


class ModelVersions:
    """Watches the folder of a model.

    Args:
        base: holds a folder for each version.
        load: gives the model of a version's folder or raises `InputError`.
    """

    def __init__(self, base: Path, load: Callable[[Path], Model]):
        self.base, self._load = base, load
        self._states: dict[int, VersionState] = {}
        self._damaged: dict[int, tuple] = {}  # what the files of a bad version looked like
        self._serving: _Lease | None = None
        self._idle = threading.Condition()
        self._polling = threading.Lock()

    @property
    def states(self) -> dict[int, VersionState]:
        """Every version that was ever looked at, by its number."""
        return dict(self._states)

    @property
    def current(self) -> int | None:
        """The version that answers now."""
        lease = self._serving
        return None if lease is None else lease.model.version

    @contextlib.contextmanager
    def use(self, version: int | None = None) -> Iterator[Model]:
        """The model, which is not unloaded inside the block.

        Raises:
            Refusal: NOT_FOUND, there is no such version.
        """
        with self._idle:
            lease = self._serving
            if lease is None:
                raise not_found("No version of the model is loaded.")
            if version not in (None, lease.model.version):
                raise not_found(f"Version {version} is not loaded; {lease.model.version} is.")
            lease.users += 1
        try:
            yield lease.model
        finally:
            with self._idle:
                lease.users -= 1
                self._idle.notify_all()

    def poll(self) -> None:
        """Look for versions once; load the highest that is new and whole, then drop the old one.

        Where no higher version can be loaded, the one that serves goes on; where its folder was
        removed, the highest that is left takes over.
        """
        with self._polling:
            found = self._found()
            for version in sorted(found, reverse=True):
                if version == self.current:
                    return
                if self._try(version, found[version]):
                    return

    def watch(self, seconds: float, stop: threading.Event) -> None:
        """Poll until told to stop; nothing that goes wrong ends it."""
        while not stop.wait(seconds):
            try:
                self.poll()
            except Exception:
                LOG.exception("looking for versions failed")

    def _found(self) -> dict[int, Path]:
        try:
            return {
                int(path.name): path
                for path in self.base.iterdir()
                if path.name.isascii() and path.name.isdigit() and path.is_dir()
            }
        except OSError as error:
            raise InputError(f"Cannot read the folder {self.base}; name a model's.") from error

    def _try(self, version: int, folder: Path) -> bool:
        looks = _looks(folder)
        if self._damaged.get(version) == looks:
            return False
        self._states[version] = VersionState("LOADING")
        LOG.info("loading", extra={"version": version})
        try:
            model = self._load(folder)
        except InputError as error:
            self._damaged[version] = looks
            self._states[version] = VersionState("END", str(error))
            LOG.error("version refused", extra={"version": version, "error": str(error)})
            return False
        with self._idle:
            old, self._serving = self._serving, _Lease(model)
        self._damaged.pop(version, None)
        self._states[version] = VersionState("AVAILABLE")
        LOG.info("serving", extra={"version": version})
        if old is not None:
            self._retire(old)
        return True

    def _retire(self, lease: _Lease) -> None:
        version = lease.model.version
        self._states[version] = VersionState("UNLOADING")
        with self._idle:
            self._idle.wait_for(lambda: lease.users == 0)
        del lease.model
        gc.collect()  # graphs refer to themselves
        self._states[version] = VersionState("END")
        LOG.info("unloaded", extra={"version": version})


def _looks(folder: Path) -> tuple:
    """Changes when a file is added, changed or removed: a version that is still being copied."""
    try:
        return tuple(
            (path.name, path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted(folder.rglob("*"))
        )
    except OSError:
        return ()
