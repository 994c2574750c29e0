"""What all workers of a run must have in common, and what to say where they do not."""

import hashlib
import json
import sys
from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

import vsg_tf
from vsg_tf.config import Config
from vsg_tf.data.manifest import Manifest
from vsg_tf.training.run_folder import leaves

Passport = Mapping[str, Any]


def make_passport(config: Config, manifest: Manifest, devices: int) -> Passport:
    """JSON-able: versions, the whole configuration, what the data is, local devices."""
    shards = [[shard.name, shard.count, shard.sha256] for shard in manifest.shards]
    return {
        "versions": {
            "Python": ".".join(map(str, sys.version_info[:2])),
            **{module.__name__: module.__version__ for module in (vsg_tf, keras, tf)},
        },
        "config": config.model_dump(mode="json"),
        "data": hashlib.sha256(json.dumps(shards).encode()).hexdigest(),
        "examples": sum(shard.count for shard in manifest.shards),
        "devices": devices,
    }


def disagreement(chief: Passport, other: Passport, name: str) -> str | None:
    """One sentence where a worker called `name` cannot train with the chief, else None."""
    for package, version in chief["versions"].items():
        theirs = other["versions"].get(package)
        if theirs != version:
            return (
                f"{name} runs {package} {theirs} and the chief {version}; "
                "install the same versions on all workers."
            )
    own, theirs = (dict(leaves(each["config"])) for each in (chief, other))
    for key in own | theirs:
        if own.get(key) != theirs.get(key):
            return (
                f"{name} has {key} = {theirs.get(key)} and the chief {own.get(key)}; "
                "start all workers with the same configuration."
            )
    if chief["data"] != other["data"]:
        return (
            f"{name} reads other prepared data ({other['examples']} examples) than the chief "
            f"({chief['examples']}); give all workers the same shards."
        )
    if chief["devices"] != other["devices"]:
        return (
            f"{name} trains on {other['devices']} devices and the chief on {chief['devices']}; "
            "give all the same --devices."
        )
    return None
