"""`vsg weights import`: the published files and nothing else."""

import os
import pickle

import numpy as np
import pytest
from typer.testing import CliRunner

from vsg_tf import weights as command
from vsg_tf.errors import InputError
from vsg_tf.frontends.regnet.network import load_network
from vsg_tf.frontends.regnet.weights import (
    FOLDER,
    NETWORK_FILE,
    import_weights,
    load_arrays,
    weights_hash,
)
from vsg_tf.frontends.tensor_files import load_tensors

torch = pytest.importorskip("torch")
from tests.frontends.regnet.torch_twin import published_state, write_published  # noqa: E402


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize("rows", [False, True])
def test_both_forms_of_file_and_of_normalisation(archive, rows, torch_net, tmp_path, imported):
    state = published_state(torch_net, rows)
    if archive:
        state["conv1_7x7_s2_bn.num_batches_tracked"] = torch.tensor(3)
    tensors = load_tensors(write_published(tmp_path, state, archive=archive))
    assert set(tensors) == set(state)
    for name, value in state.items():
        np.testing.assert_array_equal(tensors[name], value.numpy())
    stored = load_arrays(imported / FOLDER / "weights.npz")
    own = {name: tensors[name].reshape(stored[name].shape) for name in stored}
    assert weights_hash(own) == weights_hash(stored)
    assert not any(name.startswith("fc") for name in stored)


@pytest.mark.parametrize("archive", [False, True])
def test_views_and_types_of_tensors(tmp_path, archive):
    whole = torch.arange(24.0).reshape(4, 6)
    state = {
        "transposed": whole.T,
        "part": whole[1:3, ::2],
        "half": whole.half(),
        "count": torch.tensor(7),
        "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(whole),
    }
    tensors = load_tensors(write_published(tmp_path, state, archive=archive))
    for name, value in state.items():
        np.testing.assert_array_equal(tensors[name], value.detach().numpy())


def test_the_command_imports_and_says_where(published, tmp_path, monkeypatch):
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path / "mine"))
    result = CliRunner().invoke(command.app, ["import", str(published)])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "mine" / FOLDER / NETWORK_FILE).is_file()
    assert "mine" in result.output.replace("\n", "")
    with pytest.raises(InputError, match="need BN-Inception's weights 123"):
        load_network("onnx", "123")
    (tmp_path / "mine" / FOLDER / NETWORK_FILE).write_bytes(b"no network")
    with pytest.raises(InputError, match="damaged; import the weights again"):
        load_network("onnx", None)


def test_missing_weights_are_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("VSG_WEIGHTS", str(tmp_path))
    for runtime in ("onnx", "tensorflow"):
        with pytest.raises(InputError, match=r"download bn_inception-.*vsg weights import bn_inc"):
            load_network(runtime, None)


def test_names_and_hashes_are_checked(published, tmp_path):
    content = published.read_bytes()
    for name, sentence in (
        ("weights.pth", "does not tell its hash"),
        ("bn_inception-0123456789abcdef.pth", "not what its name says"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError, match=sentence):
            import_weights(path, tmp_path / "out")
    (tmp_path / published.name).write_bytes(content[:-1000])
    with pytest.raises(InputError, match="not what its name says"):
        import_weights(tmp_path / published.name, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: s.pop("inception_4c_3x3.bias"), "holds no inception_4c_3x3.bias"),
        (
            lambda s: s.update({"conv2_3x3.weight": torch.zeros(192, 64, 1, 1)}),
            r"conv2_3x3.weight .* is float32 \(192, 64, 1, 1\), but .* \(192, 64, 3, 3\)",
        ),
        (lambda s: s["conv2_3x3.bias"].fill_(float("nan")), "not finite"),
        (lambda s: s.update({"conv2_3x3.bias": torch.zeros(192, dtype=torch.int64)}), "int64"),
    ],
)
def test_other_nets_are_refused(torch_net, tmp_path, change, sentence):
    state = {name: value.clone() for name, value in published_state(torch_net).items()}
    change(state)
    with pytest.raises(InputError, match=sentence):
        import_weights(write_published(tmp_path, state), tmp_path / "out")
    assert not (tmp_path / "out").exists()


class _Attack:
    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


@pytest.mark.parametrize("archive", [False, True])
@pytest.mark.parametrize(
    "call",
    [os.system, eval, torch.load, np.load, open],
    ids=["system", "eval", "torch load", "numpy load", "open"],
)
def test_no_code_runs_from_a_file(tmp_path, archive, call):
    marker = tmp_path / "marker"
    text = f"touch {marker}" if call is os.system else f"open('{marker}', 'w')"
    state = {"a": torch.zeros(1), "b": _Attack(call, text)}
    path = write_published(tmp_path, state, archive=archive)
    with pytest.raises(InputError, match="not a file of plain tensors"):
        load_tensors(path)
    assert not marker.exists()


@pytest.mark.parametrize("thing", [[1, 2], {"a": 1}, {1: torch.zeros(1)}, torch.zeros(2)])
def test_anything_but_named_tensors_is_refused(tmp_path, thing):
    with pytest.raises(InputError, match="not a file of plain tensors"):
        load_tensors(write_published(tmp_path, thing))


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "a.pth"
    for content in (b"", b"hello", pickle.dumps({"a": 1}), b"PK\x05\x06" + bytes(18)):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"empty file|not a file of plain tensors"):
            load_tensors(path)


def test_tensors_that_reach_beyond_their_storage_are_refused(tmp_path):
    path = write_published(tmp_path, {"a": torch.zeros(4, 4)})
    content = path.read_bytes()
    # The tensor's shape (4, 4) becomes (4, 9): a larger one than its bytes are.
    changed = content.replace(b"K\x04K\x04\x86", b"K\x04K\x09\x86", 1)
    assert changed != content
    path.write_bytes(changed)
    with pytest.raises(InputError, match="reaches beyond its storage"):
        load_tensors(path)
