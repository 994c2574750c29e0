"""Files that appear whole or not at all."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vsg_tf.errors import InputError


def _sentence(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk is full: {path} was not written; free some space and try again."
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"Cannot write {path} ({reason}); choose another output path."


def check_output(path: str | os.PathLike, overwrite: bool = False) -> Path:
    """Check that `path` can be written before any work is done, and create its folder.

    Raises:
        InputError: the file exists and `overwrite` is False, or it is a folder, or its folder
            cannot be created or written.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"The output {path} is a folder; name a file instead.")
    if path.exists() and not overwrite:
        raise InputError(f"The output {path} exists; pass --overwrite to replace it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(_sentence(path, error)) from error
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"Cannot write to the folder {path.parent}; choose another output path.")
    return path


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `path`; move it into place if the block succeeds.

    Whatever goes wrong inside the block, `path` is left as it was and nothing half-written stays.

    Raises:
        InputError: as `check_output`, or the write failed (disk full, permission).
    """
    path = check_output(path, overwrite)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".vsg-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files private; an output gets the permissions any new file would.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(_sentence(path, error)) from error
    finally:
        temporary.unlink(missing_ok=True)
