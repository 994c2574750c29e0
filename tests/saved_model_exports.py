"""Exports of tiny models as SavedModels, made once: an export takes many seconds."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from vsg_tf.export.saved_model import export_saved_model
from vsg_tf.inference.keras_networks import KerasNetworks

_MADE: dict[str, Path] = {}


@functools.cache
def _place() -> Path:
    place = Path(tempfile.mkdtemp(prefix="vsg-saved-model-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def saved_model_export(networks: KerasNetworks) -> Path:
    """Folder of version 1 of a tiny model; not to be changed.

    Models of one name are taken for one: fixtures build them with the same seed.
    """
    name = networks.config.name
    if name not in _MADE:
        card, out = "# A tiny model\n", _place() / name
        _MADE[name] = export_saved_model(networks.config, networks.generator, card, out)
    return _MADE[name]
