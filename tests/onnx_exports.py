"""ONNX folders of tiny models, made once: converting takes seconds."""

import atexit
import functools
import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

import pytest

from vsg_tf import command, export_model
from vsg_tf.inference.keras_networks import KerasNetworks
from vsg_tf.model_files import save_model_dir

_MADE: dict[str, Path] = {}


@functools.cache
def _place() -> Path:
    place = Path(tempfile.mkdtemp(prefix="vsg-onnx-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def onnx_export(networks: KerasNetworks) -> Path:
    """The ONNX folder of a tiny model, written by `vsg export`; not to be changed.

    Models of one name are taken for one: fixtures build them with the same seed.
    """
    name = networks.config.name
    if name not in _MADE:
        run = _place() / f"run-{name}"
        save_model_dir(run / "model", networks.generator, networks.config, "# A tiny model\n")
        arguments = ["--format", "onnx", "--model", str(run), "--out", str(_place() / name)]
        with (
            mock.patch.object(sys, "argv", ["vsg export", *arguments]),
            pytest.raises(SystemExit) as end,
        ):
            command.run(export_model.app)
        assert not end.value.code
        _MADE[name] = _place() / name
    return _MADE[name]
