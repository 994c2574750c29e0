"""Files that appear whole or not at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from vsg_tf.errors import InputError


def _sentence(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk is full: {path} was not written; free some space and try again."
    reason = os.strerror(error.errno) if error.errno else str(error)
    return f"Cannot write {path} ({reason}); choose another output path."


def check_output(path: str | os.PathLike, overwrite: bool = False) -> Path:
    """Check that `path` can be written before any work is done; nothing is created.

    Raises:
        InputError: the file exists and `overwrite` is False, or it is a folder or a device, or
            its folder cannot be created or written.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(f"The output {path} is a folder; name a file instead.")
        if path.exists() and not path.is_file():
            raise InputError(f"The output {path} is not a plain file; choose another path.")
        if path.exists() and not overwrite:
            raise InputError(f"The output {path} exists; pass --overwrite to replace it.")
        folder = path.absolute().parent
        while not folder.exists():
            folder = folder.parent
    except OSError as error:
        raise InputError(_sentence(path, error)) from error
    if not folder.is_dir():
        raise InputError(f"Cannot write {path}: {folder} is a file, not a folder.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InputError(f"Cannot write to the folder {folder}; choose another output path.")
    return path


def check_outputs(
    outputs: Iterable[str | os.PathLike],
    inputs: Iterable[str | os.PathLike] = (),
    overwrite: bool = False,
) -> None:
    """Check that every output can be written, that they differ, and that none is an input.

    Raises:
        InputError: as `check_output`, or two outputs, or an output and an input, are one file.
    """
    originals = {os.path.realpath(path) for path in inputs}
    seen = set()
    for path in outputs:
        place = os.path.realpath(path)
        if place in originals:
            raise InputError(f"The output {path} is also an input; choose another output path.")
        if place in seen:
            raise InputError(f"Two outputs have the name {path}; give each its own.")
        seen.add(place)
        check_output(path, overwrite)


@contextlib.contextmanager
def scratch_folder(path: str | os.PathLike) -> Iterator[Path]:
    """Give a temporary folder beside the output `path`, and remove it with all that it holds.

    Raises:
        InputError: it cannot be created, or the block could not write (disk full, permission).
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".vsg-") as folder:
            yield Path(folder)
    except OSError as error:
        raise InputError(_sentence(path, error)) from error


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `path`; move it into place if the block succeeds.

    Whatever goes wrong inside the block, `path` is left as it was and nothing half-written stays.

    Raises:
        InputError: as `check_output`, or the write failed (disk full, permission).
    """
    path = check_output(path, overwrite)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".vsg-", suffix=path.suffix)
    except OSError as error:
        raise InputError(_sentence(path, error)) from error
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


def replace_folder(path: Path, new: Path) -> None:
    """Move the folder `new` to `path`; what was there is deleted once that has worked.

    An old folder is first moved aside (`.vsg-old-<name>-...`), so that a kill between the two
    moves loses neither.
    """
    if not path.exists():
        new.rename(path)
        return
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".vsg-old-{path.name}-"))
    path.rename(aside / path.name)
    try:
        new.rename(path)
    except OSError:
        (aside / path.name).rename(path)
        raise
    finally:
        if path.exists():
            shutil.rmtree(aside, ignore_errors=True)


def check_output_folder(path: str | os.PathLike, overwrite: bool = False) -> Path:
    """Check that a folder can be written before any work is done; nothing is created.

    Raises:
        InputError: it exists, is not empty and `overwrite` is False, or it is a file, or it cannot
            be created.
    """
    path = Path(path)
    if path.is_dir():
        if any(path.iterdir()) and not overwrite:
            raise InputError(f"The output folder {path} exists; pass --overwrite to replace it.")
        return path
    if path.exists():
        raise InputError(f"The output {path} is a file; name a folder.")
    check_output(path)
    return path


@contextlib.contextmanager
def atomic_folder(path: str | os.PathLike, overwrite: bool = False) -> Iterator[Path]:
    """Give a temporary folder beside `path`; move it into place if the block succeeds.

    Raises:
        InputError: as `check_output_folder`, or the block could not write (disk full, permission).
    """
    path = check_output_folder(path, overwrite)
    with scratch_folder(path) as scratch:
        temporary = scratch / "folder"
        temporary.mkdir()
        yield temporary
        replace_folder(path, temporary)
