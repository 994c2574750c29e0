"""A model as a SavedModel with signatures, in the layout that TensorFlow Serving watches."""

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import tensorflow as tf

from vsg_tf.atomic import scratch_folder
from vsg_tf.config import Config, config_to_yaml
from vsg_tf.errors import InputError
from vsg_tf.export.saved_model_card import export_card
from vsg_tf.export.saved_model_parity import measure_parity
from vsg_tf.export.saved_model_requests import write_warm_up
from vsg_tf.export.signatures_bytes import bytes_signatures
from vsg_tf.export.signatures_clip import ClipGraphs, clip_signatures
from vsg_tf.export.signatures_conversion import conversion_signatures
from vsg_tf.export.signatures_network import network_signatures
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs, VocoderGraph
from vsg_tf.model_files import CARD_FILE, CONFIG_FILE
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder


def signature_functions(
    config: Config, generator: Generator, vocoder: Vocoder | None
) -> dict[str, Callable]:
    """All signatures of a model by name, traced when they are first asked for."""
    graphs = NetworkGraphs(config, generator)
    learnt = None if vocoder is None else VocoderGraph(vocoder)
    if config.model.kind == "speechsplit":
        return conversion_signatures(graphs, learnt)
    clips = ClipGraphs(graphs, learnt)
    return {
        **network_signatures(graphs, learnt),
        **clip_signatures(clips),
        **bytes_signatures(clips),
    }


def export_saved_model(
    config: Config,
    generator: Generator,
    vocoder: Vocoder | None,
    card: str,
    out: str | os.PathLike,
    attachments: Sequence[Path] = (),
) -> Path:
    """Write the next version of a served model.

    Args:
        config: of the model.
        generator: built, with trained weights.
        vocoder: the same, on the generator's mels; None: waveforms are Griffin-Lim's.
        card: Markdown about the model, which becomes a part of the export's README.
        out: folder of all versions; made if needed.
        attachments: files that go with the card, such as the attribution of the data.

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
            try:
                _write(folder, config, generator, vocoder, card)
                for path in attachments:
                    shutil.copyfile(path, folder / path.name)
            except tf.errors.OpError as error:  # TensorFlow's own way to say that a disk is full
                raise InputError(f"Cannot write the model to {out} ({error.message}).") from error
            return _publish(folder, out)
    finally:
        if fresh:
            with contextlib.suppress(OSError):
                out.rmdir()  # only if nothing came to be in it


def _write(
    folder: Path, config: Config, generator: Generator, vocoder: Vocoder | None, card: str
) -> None:
    # Saving the Keras model, or an `ExportArchive`, would store each variable twice.
    module = tf.Module()
    variables = generator.variables + ([] if vocoder is None else vocoder.variables)
    module.parameters = [variable.value for variable in variables]
    functions = signature_functions(config, generator, vocoder)
    tf.saved_model.save(module, os.fspath(folder), signatures=functions)
    # From here on with what was written, so that the file itself is what is judged.
    loaded = tf.saved_model.load(os.fspath(folder))
    functions = dict(loaded.signatures)
    differences = measure_parity(config, generator, vocoder, functions, folder.parent)
    write_warm_up(folder, config, functions)
    (folder / CONFIG_FILE).write_text(config_to_yaml(config), encoding="utf-8")
    text = export_card(config, functions, differences, card)
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


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
