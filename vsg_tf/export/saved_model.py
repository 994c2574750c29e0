"""A model as a SavedModel with signatures, in the layout that TensorFlow Serving watches."""

import contextlib
import errno
import os
from pathlib import Path

import tensorflow as tf

from vsg_tf.atomic import scratch_folder
from vsg_tf.config import Config, config_to_yaml
from vsg_tf.errors import InputError
from vsg_tf.export.graph_networks import NetworkGraphs
from vsg_tf.export.signatures_bytes import bytes_signatures
from vsg_tf.export.signatures_clip import ClipGraphs, clip_signatures
from vsg_tf.export.signatures_network import network_signatures
from vsg_tf.model_files import CARD_FILE, CONFIG_FILE
from vsg_tf.models.generator import Generator


class ServedModel(tf.Module):
    """What is saved: every variable once, and the signatures.

    Saving the Keras model itself, or `ExportArchive`, would store each variable twice.
    """

    def __init__(self, config: Config, generator: Generator):
        super().__init__(name="served_model")
        self.parameters = [variable.value for variable in generator.variables]
        graphs = NetworkGraphs(config, generator)
        clips = ClipGraphs(graphs)
        self.functions = {
            **network_signatures(graphs),
            **clip_signatures(clips),
            **bytes_signatures(clips),
        }


def export_saved_model(
    config: Config, generator: Generator, card: str, out: str | os.PathLike
) -> Path:
    """Write the next version of a served model.

    Args:
        config: of the model.
        generator: built, with trained weights.
        card: Markdown about the model, which becomes a part of the export's README.
        out: folder of all versions; made if needed.

    Returns:
        The folder that was written, `out/<version>`: it appears whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise InputError(f"The output {out} is a file; name a folder.")
    fresh = not out.exists()
    try:
        with scratch_folder(out / "version") as scratch:
            folder = scratch / "model"
            model = ServedModel(config, generator)
            _save(model, folder)
            (folder / CONFIG_FILE).write_text(config_to_yaml(config), encoding="utf-8")
            (folder / CARD_FILE).write_text(card, encoding="utf-8")
            return _publish(folder, out)
    finally:
        if fresh:
            with contextlib.suppress(OSError):
                out.rmdir()  # only if nothing came to be in it


def _save(model: ServedModel, folder: Path) -> None:
    try:
        tf.saved_model.save(model, os.fspath(folder), signatures=model.functions)
    except tf.errors.OpError as error:
        raise InputError(f"Cannot write the model to {folder.parent.parent} ({error}).") from error


def _versions(out: Path) -> list[int]:
    return [int(path.name) for path in out.iterdir() if path.name.isdecimal()]


def _publish(folder: Path, out: Path) -> Path:
    """Move a finished folder to the next free number, which another exporter may take first."""
    folder.chmod(0o755)
    while True:
        target = out / str(max(_versions(out), default=0) + 1)
        try:
            # A rename onto a folder with content fails, and is the one step that others can see.
            folder.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
        else:
            return target


def folder_size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
