"""ONNX folders: whole or not at all, described, smaller with 8-bit weights."""

import re
import shutil
import sys

import numpy as np
import onnx
import pytest

from tests.vocoder_cases import write_model
from vsg_tf import command, export_model
from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.export import onnx_folder as module
from vsg_tf.export.onnx_parity import measure_parity
from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks


def test_holds_configuration_card_and_graphs(onnx_folder, networks):
    assert load_config(onnx_folder / "config.yaml") == networks.config
    assert sorted(path.name for path in onnx_folder.iterdir()) == [
        "README.md",
        "config.yaml",
        "decode.onnx",
        "encode_reference.onnx",
        "event_logits.onnx",
        "graphs.json",
        "log_mel.onnx",
        "vocoder.onnx",
        "waveform.onnx",
    ]
    card = (onnx_folder / "README.md").read_text()
    assert (
        "# A tiny model" in card and "| in | `features` | float32 | [batch, frames, 282] |" in card
    )
    largest = float(re.search(r"largest difference \| (\S+) \|", card).group(1))
    assert 0 < largest <= 1e-3
    assert 0 < float(re.search(r"by the vocoder \| (\S+) \|", card).group(1)) < 1e-3
    for path in onnx_folder.glob("*.onnx"):
        (operators,) = [
            opset.version
            for opset in onnx.load(path).opset_import
            if opset.domain in ("", "ai.onnx")
        ]
        assert operators >= 17


def test_papers_kind_has_no_event_graph(paper_onnx_folder):
    names = {path.stem for path in paper_onnx_folder.glob("*.onnx")}
    assert names == {"decode", "encode_reference", "log_mel", "waveform"}


def test_quantized_graphs_are_smaller_and_close(networks, onnx_folder, tmp_path):
    folder = tmp_path / "quantized"
    shutil.copytree(onnx_folder, folder)
    for name in module.NETWORKS:
        path = folder / f"{name}.onnx"
        module._quantize(path)
        weights = onnx.load(path).graph.initializer
        assert any(tensor.data_type == onnx.TensorProto.INT8 for tensor in weights)
    parity = measure_parity(networks, OnnxNetworks(folder), True)
    assert 1e-6 < parity.mel_mean < 0.02 and parity.mel_largest < 0.3
    assert parity.events_largest < 0.1
    assert parity.waveform_relative < 5e-3  # signal processing stays in float32


def test_refuses_what_is_there(networks, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for name, sentence in (("folder", "pass --overwrite"), ("file", "is a file")):
        with pytest.raises(InputError, match=sentence):
            module.export_onnx(networks.config, networks.generator, None, "", tmp_path / name)


def test_nothing_is_written_that_differs_from_tensorflow(networks, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "onnx_functions", lambda *_: {})
    wrong = module.Parity(0.1, 0.01, 0.0, 0.0, None)
    monkeypatch.setattr(module, "measure_parity", lambda *_: wrong)
    monkeypatch.setattr(module, "OnnxNetworks", lambda *_: None)
    with pytest.raises(InputError, match="differ from TensorFlow"):
        module.export_onnx(networks.config, networks.generator, None, "", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_equal_networks_have_no_difference(networks):
    parity = measure_parity(networks, networks, True)
    assert parity.mel_largest == parity.events_largest == parity.waveform_relative == 0
    assert parity.vocoder_relative == 0
    assert np.isfinite(parity.mel_mean)


def test_options_of_onnx_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["vsg export", "--out", str(tmp_path / "x"), "--quantize"])
    with pytest.raises(SystemExit) as caught:
        command.run(export_model.app)
    assert caught.value.code == 2 and "--format onnx" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ([], "Say where the model goes"),
        (["--beside"], "are for --format onnx"),
        (["--beside", "--format", "onnx", "--out", "x"], "--beside goes without --out"),
        (["--beside", "--format", "onnx", "--quantize"], "--beside goes without --out"),
    ],
)
def test_where_it_goes_has_to_be_clear(arguments, sentence, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["vsg export", *arguments])
    with pytest.raises(SystemExit) as caught:
        command.run(export_model.app)
    assert caught.value.code == 2 and sentence in capsys.readouterr().err


def test_a_model_that_cannot_be_exported_keeps_its_folder(networks, tmp_path, monkeypatch):
    folder = write_model(tmp_path / "model", networks)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    places = sorted(tmp_path.iterdir())
    wrong = module.Parity(0.1, 0.01, 0.0, 0.0, None)
    monkeypatch.setattr(module, "measure_parity", lambda *_: wrong)
    with pytest.raises(InputError, match="differ from TensorFlow"):
        module.add_onnx(folder)
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sorted(tmp_path.iterdir()) == places
