"""An export needs TensorFlow alone, warms a server up, and says what it is."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from vsg_tf.errors import VsgError
from vsg_tf.export.saved_model_card import export_card
from vsg_tf.export.saved_model_requests import WARM_UP_FILE, example_requests
from vsg_tf.export_model import export
from vsg_tf.model_files import save_model_dir
from vsg_tf.serving.protocol import PredictionLog
from vsg_tf.serving.tensors import decode

ALONE = """
import sys


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("vsg_tf", "librosa", "cv2", "soundfile", "soxr"):
            raise ImportError(f"{name} must not be needed")


sys.meta_path.insert(0, Blocker())
import numpy
import tensorflow

request = dict(numpy.load(sys.argv[2]))
loaded = tensorflow.saved_model.load(sys.argv[1])
tensors = {name: tensorflow.constant(value) for name, value in request.items()}
answer = loaded.signatures["serving_default"](**tensors)
numpy.save(sys.argv[3], answer["waveform"].numpy())
"""


def test_runs_without_this_package(export_folder, signatures, networks, tmp_path):
    request = example_requests(networks.config, dict(signatures), 1.0)["serving_default"]
    np.savez(tmp_path / "request.npz", **request)
    subprocess.run(
        [
            *(sys.executable, "-c", ALONE, export_folder, tmp_path / "request.npz"),
            tmp_path / "answer.npy",
        ],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        check=True,
        capture_output=True,
    )
    tensors = {name: tf.constant(value) for name, value in request.items()}
    own = signatures["serving_default"](**tensors)["waveform"].numpy()
    answer = np.load(tmp_path / "answer.npy")
    assert np.linalg.norm(answer - own) < 1e-3 * np.linalg.norm(own)


def test_warm_up_requests_can_be_answered(export_folder, signatures):
    records = tf.data.TFRecordDataset(str(export_folder / WARM_UP_FILE)).as_numpy_iterator()
    asked = set()
    for record in records:
        request = PredictionLog.FromString(record).predict_log.request
        inputs = {name: tf.constant(decode(proto)) for name, proto in request.inputs.items()}
        outputs = signatures[request.model_spec.signature_name](**inputs)
        assert all(value.shape[0] == 1 for value in outputs.values())
        asked.add(request.model_spec.signature_name)
    assert asked == set(signatures) - {"describe"}


def test_readme_names_every_tensor_and_the_differences(export_folder, signatures):
    text = (export_folder / "README.md").read_text()
    for signature, function in signatures.items():
        for name, spec in function.structured_input_signature[1].items():
            (row,) = [
                r for r in text.splitlines() if r.startswith(f"| `{signature}` | in | `{name}`")
            ]
            shape = row.split("|")[5].strip(" []").split(",")
            assert len(shape) == len(spec.shape), row
            assert [size.strip() for size in shape if size.strip().isdigit()] == [
                str(size) for size in spec.shape if size is not None
            ]
    assert "| mel |" in text and "inf" not in text.split("## The model")[0].split("Largest")[1]
    differences = [float(row.split("|")[2]) for row in text.splitlines() if "e-0" in row]
    assert len(differences) > 5 and max(differences) < 0.05


def test_papers_kind_says_that_it_takes_no_files(paper_signatures, paper_networks):
    assert "from_bytes" not in paper_signatures
    text = export_card(paper_networks.config, paper_signatures, {"mel": 1e-6}, "# Card\n")
    assert "There is no `from_bytes`" in text and "## Card" in text


@pytest.mark.parametrize("damage", ["newer", "cut", "no-weights", "nothing"])
def test_a_bad_model_folder_is_one_sentence(networks, tmp_path, damage):
    folder, out = tmp_path / "model", tmp_path / "out"
    if damage != "nothing":
        save_model_dir(folder, networks.generator, networks.config, "")
    config, weights = folder / "config.yaml", folder / "generator.weights.h5"
    if damage == "newer":
        config.write_text(config.read_text().replace("schema_version: 1", "schema_version: 2"))
    elif damage == "cut":
        weights.write_bytes(weights.read_bytes()[:5000])
    elif damage == "no-weights":
        weights.unlink()
    with pytest.raises(VsgError, match=r"^[^\n]+\.$"):
        export(out=out, model=folder)
    assert not out.exists()


def test_the_command_ends_with_a_sentence_and_exit_code_2(tmp_path):
    script = "from vsg_tf.cli import main; main()"
    options = ["--out", tmp_path, "--model", tmp_path / "nowhere"]
    result = subprocess.run(
        [sys.executable, "-c", script, "export", *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2 and not list(tmp_path.iterdir())
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1
