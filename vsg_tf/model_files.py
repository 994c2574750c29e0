"""A trained model as a folder: config.yaml, generator.weights.h5 and a card (README.md).

Neither file can run code: the configuration is validated YAML, the weights are plain HDF5 arrays.
"""

import os
import shutil
import tempfile
from pathlib import Path

from vsg_tf.atomic import replace_folder
from vsg_tf.config import Config, config_to_yaml, load_config
from vsg_tf.errors import InputError
from vsg_tf.models.build import build_generator
from vsg_tf.models.generator import Generator

CONFIG_FILE = "config.yaml"
WEIGHTS_FILE = "generator.weights.h5"
CARD_FILE = "README.md"


def save_model_dir(
    path: str | os.PathLike, generator: Generator, config: Config, card: str
) -> None:
    """Write the folder `path` whole, replacing one that is there.

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
        (temporary / CONFIG_FILE).write_text(config_to_yaml(config), encoding="utf-8")
        (temporary / CARD_FILE).write_text(card, encoding="utf-8")
        generator.save_weights(temporary / WEIGHTS_FILE)
        replace_folder(path, temporary)
    except OSError as error:
        raise InputError(f"Cannot write the model folder {path} ({error}).") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_model_dir(path: str | os.PathLike) -> tuple[Config, Generator]:
    """Build the generator a folder describes and load its weights, all of them.

    Raises:
        InputError: the folder is missing, incomplete or damaged, or its weights do not fit.
        ConfigError: its configuration is not valid.
    """
    path = Path(path)
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        if not (path / name).is_file():
            raise InputError(f"{path} is not a model folder: it has no {name}.")
    config = load_config(path / CONFIG_FILE)
    generator = build_generator(config)
    try:
        generator.load_weights(path / WEIGHTS_FILE)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"The weights in {path} are damaged or do not fit its {CONFIG_FILE}; "
            "copy the folder again."
        ) from error
    return config, generator
