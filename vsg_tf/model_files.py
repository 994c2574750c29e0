"""A trained model as a folder: config.yaml, generator.weights.h5 and a card (README.md).

A vocoder's files, vocoder.yaml and vocoder.weights.h5, may lie beside a generator's. None of them
can run code: configurations are validated YAML, weights are plain HDF5 arrays.
"""

import os
from collections.abc import Collection
from pathlib import Path

from vsg_tf.config import Config, config_to_yaml, load_config
from vsg_tf.errors import InputError
from vsg_tf.model_folder import (
    CARD_FILE,
    CONFIG_FILE,
    SEEING_KINDS,
    VOCODER_CONFIG_FILE,
    VOCODER_WEIGHTS_FILE,
    WEIGHTS_FILE,
    check_kind,
    copy_vocoder,
    find_model,
    new_model_folder,
)
from vsg_tf.model_kinds import AnyGenerator, build_generator
from vsg_tf.models.vocoder import Vocoder


def _file_names(config: Config) -> tuple[str, str]:
    """Names of the configuration and of the weights."""
    if config.model.kind == "vocoder":
        return VOCODER_CONFIG_FILE, VOCODER_WEIGHTS_FILE
    return CONFIG_FILE, WEIGHTS_FILE


def save_model_dir(
    path: str | os.PathLike,
    generator: AnyGenerator,
    config: Config,
    card: str,
    vocoder: str | os.PathLike | None = None,
) -> None:
    """Write the folder `path` whole, replacing one that is there.

    Args:
        path: the folder.
        generator: whose weights are written.
        config: of the model.
        card: its README.
        vocoder: folder with a vocoder's files that go along; one without them is as good as None.

    Raises:
        InputError: the folder cannot be written.
    """
    config_file, weights_file = _file_names(config)
    with new_model_folder(path) as folder:
        (folder / config_file).write_text(config_to_yaml(config), encoding="utf-8")
        (folder / CARD_FILE).write_text(card, encoding="utf-8")
        generator.save_weights(folder / weights_file)
        if vocoder is not None:
            copy_vocoder(vocoder, folder)


def load_model_dir(
    path: str | os.PathLike, kinds: Collection[str] = SEEING_KINDS
) -> tuple[Config, AnyGenerator]:
    """Build the generator a folder describes and load its weights, all of them.

    Args:
        path: the folder, or that of the run that trained it.
        kinds: values of `model.kind` that can be used; those that see a video if not told.

    Raises:
        InputError: the folder is missing, incomplete or damaged, its weights do not fit, or it is
            of another kind.
        ConfigError: its configuration is not valid.
    """
    path = find_model(path)
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        if not (path / name).is_file():
            raise InputError(f"{path} is not a model folder: it has no {name}.")
    config = load_config(path / CONFIG_FILE)
    check_kind(path, config.model.kind, kinds)
    return config, _with_weights(config, path / WEIGHTS_FILE)


def load_vocoder_dir(path: str | os.PathLike) -> tuple[Config, Vocoder]:
    """Build the vocoder whose files a model folder holds, and load its weights, all of them.

    Raises:
        InputError: the files are missing, damaged or not a vocoder's, or do not fit each other.
        ConfigError: its configuration is not valid.
    """
    path = find_model(path)
    for name in (VOCODER_CONFIG_FILE, VOCODER_WEIGHTS_FILE):
        if not (path / name).is_file():
            raise InputError(
                f"{path} holds no vocoder: it has no {name}; copy {VOCODER_CONFIG_FILE} and "
                f"{VOCODER_WEIGHTS_FILE} there from the model folder of a run that trained one, or "
                "choose another renderer."
            )
    config = load_config(path / VOCODER_CONFIG_FILE)
    if config.model.kind != "vocoder":
        raise InputError(f"{path / VOCODER_CONFIG_FILE} does not describe a vocoder.")
    return config, _with_weights(config, path / VOCODER_WEIGHTS_FILE)


def load_fitting_vocoder(path: str | os.PathLike, generator: Config) -> Vocoder:
    """The vocoder beside a generator's files, as `load_vocoder_dir` loads it.

    Args:
        path: the folder.
        generator: its configuration.

    Raises:
        InputError: as there, or the vocoder was trained on other mels than the generator makes.
        ConfigError: as there.
    """
    config, vocoder = load_vocoder_dir(path)
    own, wanted = config.audio.mel_grid, generator.audio.mel_grid
    different = [name for name in wanted if own[name] != wanted[name]]
    if different:
        name = different[0]
        raise InputError(
            f"The vocoder in {path} is for other mels than its generator's: audio.{name} is "
            f"{own[name]} in {VOCODER_CONFIG_FILE} and {wanted[name]} in {CONFIG_FILE}; put one "
            "there that was trained with the generator's audio settings."
        )
    return vocoder


def _with_weights(config: Config, path: Path) -> AnyGenerator:
    model = build_generator(config)
    try:
        model.load_weights(path)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"The weights {path} are damaged or do not fit the configuration beside them; "
            "copy the folder again."
        ) from error
    return model
