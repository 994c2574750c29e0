"""What took long to make of a recording, kept on disk for the next process.

In the user's own cache folder, by the content of the recording. Whatever goes wrong with it, the
thing is made again: a cache that cannot be written or read is no error.
"""

import contextlib
import hashlib
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from vsg_tf.atomic import atomic_path
from vsg_tf.errors import VsgError

WORTH_KEEPING = 0.2  # s; what is made faster is made again
MOST_FILES = 64  # the oldest go first

T = TypeVar("T")


def cache_folder() -> Path:
    """Where prepared voices are kept: below `XDG_CACHE_HOME`, or `~/.cache`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path(os.path.expanduser("~/.cache"))) / "vsg_tf" / "voices"


def cached(
    key: str,
    make: Callable[[], T],
    pack: Callable[[T], dict[str, np.ndarray]],
    unpack: Callable[[dict[str, np.ndarray]], T],
) -> T:
    """The thing of a key: from disk, or made, and kept if that took longer than 0.2 s.

    Args:
        key: names the content and the way the thing is made.
        make: makes it.
        pack, unpack: to arrays of numbers and back. The files hold nothing else and cannot run
            code.
    """
    path = cache_folder() / f"{hashlib.sha256(key.encode()).hexdigest()}.npz"
    if path.is_file():
        try:
            with np.load(path, allow_pickle=False) as file:
                found = unpack({name: file[name] for name in file.files})
            with contextlib.suppress(OSError):
                os.utime(path)  # among the last to go
            return found
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            pass  # damaged, or of another version
    start = time.perf_counter()
    made = make()
    if time.perf_counter() - start > WORTH_KEEPING:
        with contextlib.suppress(OSError, VsgError):
            with atomic_path(path, overwrite=True) as temporary:
                np.savez(temporary, **pack(made))
            _drop_oldest(path.parent)
    return made


def _drop_oldest(folder: Path) -> None:
    files = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
    for path in files[:-MOST_FILES]:
        path.unlink(missing_ok=True)
