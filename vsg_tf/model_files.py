"""A trained model as a folder: config.yaml, generator.weights.h5 and a card (README.md).

Neither file can run code: the configuration is validated YAML, the weights are plain HDF5 arrays.
"""

import os
from collections.abc import Collection
from pathlib import Path

from vsg_tf.config import Config, config_to_yaml, load_config
from vsg_tf.errors import InputError
from vsg_tf.model_folder import CARD_FILE, CONFIG_FILE, new_model_folder
from vsg_tf.model_kinds import AnyGenerator, build_generator

WEIGHTS_FILE = "generator.weights.h5"
SEEING_KINDS = ("varietysound", "regnet")


def save_model_dir(
    path: str | os.PathLike, generator: AnyGenerator, config: Config, card: str
) -> None:
    """Write the folder `path` whole, replacing one that is there.

    Raises:
        InputError: the folder cannot be written.
    """
    with new_model_folder(path) as folder:
        (folder / CONFIG_FILE).write_text(config_to_yaml(config), encoding="utf-8")
        (folder / CARD_FILE).write_text(card, encoding="utf-8")
        generator.save_weights(folder / WEIGHTS_FILE)


def load_model_dir(
    path: str | os.PathLike, kinds: Collection[str] = SEEING_KINDS
) -> tuple[Config, AnyGenerator]:
    """Build the generator a folder describes and load its weights, all of them.

    Args:
        path: the folder.
        kinds: values of `model.kind` that can be used; those that see a video if not told.

    Raises:
        InputError: the folder is missing, incomplete or damaged, its weights do not fit, or it is
            of another kind.
        ConfigError: its configuration is not valid.
    """
    path = Path(path)
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        if not (path / name).is_file():
            raise InputError(f"{path} is not a model folder: it has no {name}.")
    config = load_config(path / CONFIG_FILE)
    if config.model.kind not in kinds:
        raise InputError(
            f"The model in {path} is of the kind {config.model.kind}; one of the kind "
            f"{' or '.join(kinds)} is needed here."
        )
    generator = build_generator(config)
    try:
        generator.load_weights(path / WEIGHTS_FILE)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"The weights in {path} are damaged or do not fit its {CONFIG_FILE}; "
            "copy the folder again."
        ) from error
    return config, generator
