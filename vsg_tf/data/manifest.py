"""`manifest.json`: what a folder of prepared data holds, and what it was prepared with."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vsg_tf.atomic import atomic_path
from vsg_tf.config.loading import data_hash, parse_config
from vsg_tf.config.schema import Config
from vsg_tf.errors import ConfigError, InputError

MANIFEST_NAME = "manifest.json"
MANIFEST_VERSION = 2
RECORD_VERSION = 2  # of the examples: raised whenever older ones mean something else
SOUNDS_KIND = "audio"  # of data that holds recordings alone


@dataclass
class Shard:
    """One TFRecord file: name inside the folder, examples in it, its size and checksum."""

    name: str
    split: str
    count: int
    size: int
    sha256: str

    def is_whole(self, folder: Path) -> bool:
        """Whether the file is there at its full size."""
        path = folder / self.name
        return path.is_file() and path.stat().st_size == self.size

    def is_unaltered(self, folder: Path) -> bool:
        """Whether the file holds what was written; reads all of it."""
        try:
            content = (folder / self.name).read_bytes()
        except OSError:
            return False
        return hashlib.sha256(content).hexdigest() == self.sha256


@dataclass
class Manifest:
    """The contents of `manifest.json`; shards are kept in their final order.

    Args:
        kind: what was prepared.
        data_hash: of the settings that examples depend on.
        front_ends: `FrontEnd.description` of the one that made the features.
        weights: of its parts with pretrained weights; empty if the features came from files.
        settings_hash: of all that decides the examples.
        config: the whole configuration.
        settings: of the preparation.
        complete: whether all shards are there.
        shards: the files.
        failures: by shard, what was left out and why.
        notes: of the preparation.
        schema_version, record_version: of this file, and of the examples.
    """

    kind: str
    data_hash: str
    front_ends: list[dict[str, Any]]
    weights: dict[str, str]
    settings_hash: str
    config: dict[str, Any]
    settings: dict[str, Any]
    complete: bool = False
    shards: list[Shard] = field(default_factory=list)
    failures: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    schema_version: int = MANIFEST_VERSION
    record_version: int = RECORD_VERSION

    def of_split(self, split: str) -> list[Shard]:
        """Shards of one split, in order, those without examples left out.

        Raises:
            InputError: there is none.
        """
        shards = [s for s in self.shards if s.split == split and s.count]
        if not shards:
            known = ", ".join(sorted({s.split for s in self.shards if s.count})) or "none"
            raise InputError(f"The prepared data has no split {split!r}; its splits: {known}.")
        return shards

    def count(self, split: str) -> int:
        """Examples in a split."""
        return sum(shard.count for shard in self.shards if shard.split == split)

    def save(self, folder: Path) -> None:
        """Write the manifest, whole or not at all."""
        values = asdict(self)
        values["counts"] = {s: self.count(s) for s in sorted({x.split for x in self.shards})}
        with atomic_path(folder / MANIFEST_NAME, overwrite=True) as temporary:
            temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")


def settings_hash(config: Config, kind: str, settings: dict[str, Any]) -> str:
    """Hash of all that decides the examples; equal hashes mean that shards can be kept."""
    parts = {"front_end": data_hash(config), "kind": kind, "settings": settings}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def read_manifest(folder: str | os.PathLike) -> Manifest:
    """Read the manifest of a folder of prepared data.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    path = Path(folder) / MANIFEST_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{folder} holds no prepared data: {MANIFEST_NAME} is missing.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"Cannot read {path}; prepare the data again.") from error
    versions = [values.get(key) for key in ("schema_version", "record_version")]
    if versions != [MANIFEST_VERSION, RECORD_VERSION]:
        raise InputError(
            f"{folder} was prepared by another version of vsg-tf, whose examples are others; "
            "prepare the data again."
        )
    try:
        values.pop("counts", None)
        shards = [Shard(**shard) for shard in values.pop("shards")]
        manifest = Manifest(**values, shards=shards)
    except (TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{path} is no manifest of prepared data; prepare it again.") from error
    return manifest


def open_prepared(folder: str | os.PathLike, config: Config) -> Manifest:
    """The manifest of finished data that fits the configuration.

    Raises:
        InputError: no manifest, the preparation did not finish, or a shard is missing or cut off.
        ConfigError: it was prepared for another audio grid, front end or clip length.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if not manifest.complete:
        raise InputError(f"Preparing {folder} did not finish; run the same command again.")
    visual = config.video.visual
    if manifest.kind != SOUNDS_KIND and manifest.front_ends != visual.description():
        raise ConfigError(
            f"{folder} holds features of {_told(manifest.front_ends)}, but configuration "
            f"{config.name!r} has {_told(visual.description())}; prepare the data again with this "
            "configuration."
        )
    for name, digest in manifest.weights.items():
        wanted = config.video.settings[name]["weights"]  # there, as the front ends are equal
        if wanted not in (None, digest):
            raise ConfigError(
                f"{folder} holds features of {name} by its weights {digest[:12]}, but "
                f"configuration {config.name!r} asks for {wanted[:12]}; prepare the data again."
            )
    if manifest.data_hash != data_hash(config):
        raise ConfigError(
            f"{folder} was prepared with other audio, video or data.clip_seconds settings than "
            f"configuration {config.name!r}; prepare the data again with this configuration."
        )
    for shard in manifest.shards:
        if not shard.is_whole(folder):
            raise damaged_shard(folder, shard)
    return manifest


def with_weights_of(config: Config, manifest: Manifest) -> Config:
    """The configuration of a model trained on this data: it says which weights made the features.

    Raises:
        ConfigError: as `parse_config`.
    """
    if not manifest.weights:
        return config
    values = config.model_dump(mode="json")
    for name, digest in manifest.weights.items():
        settings = values["video"].get("settings", {}).get(name)
        if settings is not None and settings["weights"] is None:
            settings["weights"] = digest
    return parse_config(values)


def _told(front_ends: list[dict[str, Any]]) -> str:
    """Front ends in words: name, version and settings."""
    parts = []
    for part in front_ends:
        settings = ", ".join(f"{key} {value}" for key, value in part["settings"].items())
        parts.append(f"{part['name']} {part['version']}" + (f" ({settings})" if settings else ""))
    return " + ".join(parts)


def damaged_shard(folder: Path, shard: Shard) -> InputError:
    """The error that names a shard which cannot be read."""
    return InputError(
        f"The shard {folder / shard.name} is missing or damaged; delete it and run the same "
        "vsg prepare command again, which makes lost shards anew."
    )
