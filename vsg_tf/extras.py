"""Optional dependencies, imported only when they are needed."""

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator
from types import ModuleType

from vsg_tf.errors import MissingExtraError

# Modules that only some commands need, and the extra that brings them.
EXTRAS = {
    "keras": "tensorflow",
    "librosa": "tensorflow",
    "matplotlib": "eval",
    "mir_eval": "eval",
    "scipy": "tensorflow",
    "tensorboard": "tensorflow",
    "tensorflow": "tensorflow",
    "threadpoolctl": "tensorflow",
}


def require(module: str, extra: str) -> ModuleType:
    """Import `module` or say which extra of this package brings it.

    Raises:
        MissingExtraError: `module` is not installed.
    """
    quiet = _without_chatter if module == "tensorflow" else contextlib.nullcontext
    try:
        with quiet():
            return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top_level = module.partition(".")[0]
        if error.name is not None and error.name.partition(".")[0] != top_level:
            raise
        raise missing(module, extra) from error


def missing(module: str, extra: str) -> MissingExtraError:
    """What to say of a module that is not installed."""
    return MissingExtraError(
        f"This needs {module}, which is not installed; install vsg-tf[{extra}], in a clone by: "
        f"pip install -c constraints.txt -e '.[{extra}]'."
    )


def start_tensorflow() -> None:
    """Run TensorFlow's first operation, which initialises its devices, without its notes.

    Devices can no longer be configured afterwards.
    """
    tensorflow = require("tensorflow", extra="tensorflow")
    with _without_chatter():
        tensorflow.zeros(1) + 1


@contextlib.contextmanager
def _without_chatter() -> Iterator[None]:
    """Keep native libraries from writing to standard error, unless the user asked for their log.

    TensorFlow logs before its own log level is in force, so that no setting can silence it.
    """
    if os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2") < "2":
        yield
        return
    sys.stderr.flush()
    saved = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
