"""Exports of tiny models as SavedModels, made once: an export takes many seconds."""

from pathlib import Path

from tests.lasting_folder import lasting_folder
from tests.vocoder_cases import vocoder_beside
from vsg_tf.export.saved_model import export_saved_model
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks

_MADE: dict[str, Path] = {}


def saved_model_export(networks: KerasNetworks) -> Path:
    """Folder of version 1 of a tiny model; not to be changed.

    Models of one name are taken for one: fixtures build them with the same seed.
    """
    name = networks.config.name
    if name not in _MADE:
        card, out = "# A tiny model\n", lasting_folder("saved-model") / name
        parts = (networks.config, networks.generator, vocoder_beside(networks.config))
        _MADE[name] = export_saved_model(*parts, card, out)
    return _MADE[name]
