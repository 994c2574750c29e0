"""Finished shards that no manifest names yet: each has a note of its own beside it.

Workers on other machines cannot write one manifest together, and whoever collects their results may
be killed before it has.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from vsg_tf.atomic import atomic_path
from vsg_tf.data.manifest import Shard

Result = tuple[Shard, list[dict[str, str]]]  # a shard, and its failures as {"item", "reason"}
SUFFIX = ".json"


def write_note(folder: Path, settings_hash: str, result: Result) -> None:
    """Say that a shard of `folder`, made with these settings, is finished."""
    shard, failures = result
    values = {"settings_hash": settings_hash, "shard": asdict(shard), "failures": failures}
    with atomic_path(folder / (shard.name + SUFFIX), overwrite=True) as temporary:
        temporary.write_text(json.dumps(values), encoding="utf-8")


def read_notes(folder: Path, settings_hash: str) -> Mapping[str, Result]:
    """Finished shards by their names; notes of other settings and of lost shards are left out."""
    found = {}
    for path in sorted(folder.glob(f"*.tfrecord{SUFFIX}")):
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            shard = Shard(**values["shard"])
            if values["settings_hash"] == settings_hash and shard.is_whole(folder):
                found[shard.name] = shard, values["failures"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a stranger's file, or one that is just being removed
    return found


def remove_notes(folder: Path) -> None:
    """Forget all notes: the manifest says it now."""
    for path in folder.glob(f"*.tfrecord{SUFFIX}"):
        path.unlink(missing_ok=True)
