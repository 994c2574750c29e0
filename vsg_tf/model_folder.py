"""The folder of a model, whatever runtime it is for: its names, and how it is replaced whole."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from vsg_tf.atomic import replace_folder
from vsg_tf.errors import InputError

CONFIG_FILE = "config.yaml"
CARD_FILE = "README.md"
WEIGHTS_FILE = "generator.weights.h5"
VOCODER_CONFIG_FILE = "vocoder.yaml"
VOCODER_WEIGHTS_FILE = "vocoder.weights.h5"
SEEING_KINDS = ("varietysound", "regnet")


def find_model(path: str | os.PathLike) -> Path:
    """The model folder that a user means: a training run keeps its model in a folder of its own."""
    path = Path(path)
    inner = path / "model"
    whole = any((inner / name).is_file() for name in (CONFIG_FILE, VOCODER_CONFIG_FILE))
    return inner if whole else path


def check_kind(path: Path, kind: str, kinds: Collection[str]) -> None:
    """Raise an `InputError` unless the model of a folder is of one of these kinds."""
    if kind not in kinds:
        raise InputError(
            f"The model in {path} is of the kind {kind}; one of the kind "
            f"{' or '.join(kinds)} is needed here."
        )


def has_vocoder(path: str | os.PathLike) -> bool:
    """Whether a model folder holds a vocoder's files, or one of them."""
    folder = find_model(path)
    return any((folder / name).exists() for name in (VOCODER_CONFIG_FILE, VOCODER_WEIGHTS_FILE))


def copy_vocoder(source: str | os.PathLike, target: Path) -> None:
    """Copy a vocoder's files from one folder to another; a folder without them has none to copy."""
    for name in (VOCODER_CONFIG_FILE, VOCODER_WEIGHTS_FILE):
        if (Path(source) / name).is_file():
            shutil.copyfile(Path(source) / name, target / name)


@contextlib.contextmanager
def new_model_folder(path: str | os.PathLike) -> Iterator[Path]:
    """Give an empty temporary folder; move it to `path` if the block succeeds.

    A folder that is there is replaced, see `replace_folder`. Whatever goes wrong inside the block,
    `path` is left as it was.

    Raises:
        InputError: the folder cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=".vsg-model-"))
    except OSError as error:
        raise InputError(f"Cannot write the model folder {path} ({error.strerror}).") from error
    try:
        temporary.chmod(0o755)
        yield temporary
        replace_folder(path, temporary)
    except OSError as error:
        raise InputError(f"Cannot write the model folder {path} ({error}).") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
