"""What exported graphs were made from, written beside them: graphs of another model are noticed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from vsg_tf.config import Config
from vsg_tf.errors import InputError

RECORD_FILE = "graphs.json"
VERSION = 1  # of the graphs' inputs, outputs and meaning
# Settings of `model.events` that are used outside the graphs: they may be changed afterwards.
_OUTSIDE = {"threshold", "min_gap"}


@dataclass(frozen=True)
class GraphRecord:
    """Where graphs come from.

    Args:
        version: `VERSION` of the program that exported them.
        config: `graph_hash` of their configuration.
        weights: SHA-256 of the weights' files by name; empty where graphs lie in a folder of their
            own.
    """

    version: int
    config: str
    weights: dict[str, str]


def graph_hash(config: Config) -> str:
    """Short hash of those settings that are part of the graphs.

    A setting that the schema gains later leaves it as it is, at its default.
    """
    parts = config.model_dump(
        mode="json", include={"audio", "video", "model"}, exclude_defaults=True
    )
    for name in _OUTSIDE:
        parts.get("model", {}).get("events", {}).pop(name, None)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_record(folder: Path, config: Config, weights: Sequence[str] = ()) -> None:
    """Say what the graphs in a folder were made from.

    Args:
        folder: of the graphs.
        config: their model's.
        weights: names of the weights' files that lie beside them.
    """
    hashes = {name: file_hash(folder / name) for name in weights}
    record = GraphRecord(VERSION, graph_hash(config), hashes)
    text = json.dumps(asdict(record), indent=2) + "\n"
    (folder / RECORD_FILE).write_text(text, encoding="utf-8")


def check_record(folder: Path, config: Config) -> GraphRecord:
    """Read the record of a folder's graphs and compare it with the configuration beside them.

    Raises:
        InputError: it is missing or damaged, or the graphs are of another version or configuration.
    """
    path = folder / RECORD_FILE
    try:
        record = GraphRecord(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} holds graphs without {RECORD_FILE}; export its model again."
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{path} is damaged; export the model again.") from error
    if record.version != VERSION:
        raise InputError(
            f"The graphs in {folder} are of version {record.version}, and this program reads "
            f"version {VERSION}; export the model again."
        )
    if record.config != graph_hash(config):
        raise InputError(
            f"The graphs in {folder} were exported with other settings than its config.yaml has; "
            "export the model again."
        )
    return record


def check_weights(folder: Path, record: GraphRecord, name: str) -> None:
    """Raise an `InputError` where weights lie beside graphs that were made from others."""
    path = folder / name
    if path.is_file() and record.weights.get(name) != file_hash(path):
        raise InputError(
            f"The graphs in {folder} were not exported from the {name} beside them; export the "
            f"model again: vsg export --format onnx --beside --model {folder}."
        )
