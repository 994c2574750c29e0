"""ONNX folders of tiny models, made once: converting takes seconds."""

import sys
from pathlib import Path
from unittest import mock

import pytest

from tests.lasting_folder import lasting_folder
from tests.vocoder_cases import write_model
from vsg_tf import command, export_model
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks

_MADE: dict[str, Path] = {}


def onnx_export(networks: KerasNetworks) -> Path:
    """The ONNX folder of a tiny model, written by `vsg export`; not to be changed.

    Models of one name are taken for one: fixtures build them with the same seed.
    """
    name = networks.config.name
    if name not in _MADE:
        run = lasting_folder("onnx") / f"run-{name}"
        write_model(run / "model", networks)
        arguments = [
            "--format",
            "onnx",
            "--model",
            str(run),
            "--out",
            str(lasting_folder("onnx") / name),
        ]
        with (
            mock.patch.object(sys, "argv", ["vsg export", *arguments]),
            pytest.raises(SystemExit) as end,
        ):
            command.run(export_model.app)
        assert not end.value.code
        _MADE[name] = lasting_folder("onnx") / name
    return _MADE[name]
