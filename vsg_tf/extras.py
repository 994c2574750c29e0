"""Optional dependencies, imported only when they are needed."""

import importlib
import os
from types import ModuleType

from vsg_tf.errors import MissingExtraError


def require(module: str, extra: str) -> ModuleType:
    """Import `module` or say which extra of this package brings it.

    Raises:
        MissingExtraError: `module` is not installed.
    """
    if module == "tensorflow":
        # Hides TensorFlow's start-up chatter; an explicit setting by the user wins.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top_level = module.partition(".")[0]
        if error.name is not None and error.name.partition(".")[0] != top_level:
            raise
        raise MissingExtraError(
            f"This needs {module}, which is not installed; run: pip install 'vsg-tf[{extra}]'."
        ) from error
