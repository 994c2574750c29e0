"""Which runtime a model folder gets, and what is said where it has none."""

import subprocess
import sys

import numpy as np
import pytest

from tests.vocoder_cases import write_model
from vsg_tf.errors import InputError
from vsg_tf.export.onnx_folder import add_onnx
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks
from vsg_tf.inference.runtimes.networks import load_networks
from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks


@pytest.fixture(scope="module")
def run(debug_synthesizer, tmp_path_factory):
    """The folder of a training run with its model, whose graphs are beside its weights."""
    folder = tmp_path_factory.mktemp("run")
    write_model(folder / "model", debug_synthesizer.networks)
    (folder / "config.yaml").write_text("name: the-run\n")
    (folder / "model" / "ATTRIBUTION.csv").write_text("kept")
    add_onnx(folder / "model")
    return folder


@pytest.fixture(scope="module")
def weights_alone(debug_synthesizer, tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("weights") / "model", debug_synthesizer.networks)


def test_graphs_lie_beside_what_was_there(run):
    assert sorted(path.name for path in (run / "model").iterdir()) == [
        "ATTRIBUTION.csv",
        "README.md",
        "config.yaml",
        "decode.onnx",
        "encode_reference.onnx",
        "event_logits.onnx",
        "generator.weights.h5",
        "graphs.json",
        "vocoder.onnx",
        "vocoder.weights.h5",
        "vocoder.yaml",
        "waveform.onnx",
    ]
    assert (run / "model" / "ATTRIBUTION.csv").read_text() == "kept"


def test_graphs_run_unless_tensorflow_is_asked_for(run):
    features = np.random.default_rng(0).normal(size=(9, 282)).astype(np.float32)
    kinds = {"auto": OnnxNetworks, "onnx": OnnxNetworks, "tensorflow": KerasNetworks}
    found = []
    for runtime, kind in kinds.items():
        networks = load_networks(run, runtime=runtime)  # the run stands for its model
        assert isinstance(networks, kind)
        found.append(networks.event_logits(features))
    np.testing.assert_allclose(found[0], found[2], atol=1e-4)
    assert isinstance(load_networks(run / "model"), OnnxNetworks)
    assert isinstance(load_networks(run / "model" / "decode.onnx"), OnnxNetworks)


def test_weights_alone_run_on_tensorflow(weights_alone):
    assert isinstance(load_networks(weights_alone), KerasNetworks)
    with pytest.raises(InputError, match=r"holds no ONNX graphs; write them .*--beside") as caught:
        load_networks(weights_alone, runtime="onnx")
    assert "\n" not in str(caught.value)


def test_what_is_no_model_folder_is_said_before_tensorflow_starts(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match=r"is not a model folder: it has no config\.yaml"):
            load_networks(path)


def test_weights_without_tensorflow_are_one_sentence(weights_alone):
    script = (
        "import sys\n"
        "sys.modules['tensorflow'] = None\n"
        "from vsg_tf.errors import MissingExtraError\n"
        "from vsg_tf.inference.runtimes.networks import load_networks\n"
        "try:\n"
        f"    load_networks({str(weights_alone)!r})\n"
        "except MissingExtraError as error:\n"
        "    print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert "holds no ONNX graphs" in result.stdout and "extra tensorflow" in result.stdout
    assert result.stdout.count("\n") == 1


def test_other_weights_beside_the_graphs_are_noticed(run, debug_synthesizer):
    for name, load in (
        ("generator.weights.h5", load_networks),
        ("vocoder.weights.h5", lambda folder: load_networks(folder).vocoder()),
    ):
        path = run / "model" / name
        own = path.read_bytes()
        path.write_bytes(own + b"other")
        with pytest.raises(InputError, match=f"not exported from the {name}"):
            load(run)
        path.write_bytes(own)
        load(run)
