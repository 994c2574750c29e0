"""REGNET, SpeechSplit and their cascade, exported."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from typer.testing import CliRunner

from tests.baselines.cases import REGNET, SPEECHSPLIT, small_config
from tests.export.test_saved_model_alone import ALONE
from tests.onnx_exports import onnx_export
from tests.saved_model_exports import saved_model_export
from vsg_tf.baselines import load_system
from vsg_tf.baselines.conversion import CascadeNetworks, load_cascade
from vsg_tf.config import AudioConfig
from vsg_tf.errors import InputError
from vsg_tf.export.conversion_requests import conversion_requests
from vsg_tf.export_model import app
from vsg_tf.inference.runtimes.keras_networks import KerasNetworks
from vsg_tf.inference.runtimes.networks import load_networks
from vsg_tf.model_kinds import build_generator


def _networks(model) -> KerasNetworks:
    """Untrained networks whose mels are neither black nor white."""
    keras.utils.set_random_seed(0)
    config = small_config(model, audio={"n_mels": 8, "griffin_lim_iterations": 2})
    generator = build_generator(config)
    for weight in generator.trainable_weights:
        if "kernel" in weight.path:
            weight.assign(6 * weight)
    generator.decoder_output.bias.assign(np.full(8, 0.5, np.float32))
    return KerasNetworks(config, generator)


@pytest.fixture(scope="module")
def regnet():
    return _networks(REGNET)


@pytest.fixture(scope="module")
def speechsplit():
    return _networks(SPEECHSPLIT)


@pytest.fixture(scope="module")
def converter(speechsplit):
    """The converter as a SavedModel, loaded."""
    yield tf.saved_model.load(str(saved_model_export(speechsplit)))


@pytest.fixture(scope="module")
def onnx_folders(regnet, speechsplit):
    return onnx_export(regnet), onnx_export(speechsplit)


def _inputs(config, frames=23):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(frames, config.drive_width)).astype(np.float32)
    mel, background = rng.uniform(0.1, 0.8, (2, 40, config.audio.n_mels)).astype(np.float32)
    return features, mel, background, frames


def test_graphs_of_a_folder_are_those_that_the_kind_has(onnx_folders):
    names = [{path.stem for path in folder.glob("*.onnx")} for folder in onnx_folders]
    assert names[0] == {"log_mel", "decode", "waveform"}, "REGNET hears no reference"
    assert names[1] == {"log_mel", "encode_reference", "decode", "waveform"}


def test_onnx_regnet_makes_the_same_mel(regnet, onnx_folders):
    features, mel, background, frames = _inputs(regnet.config)
    exported = load_networks(onnx_folders[0])
    made = exported.decode(features, exported.encode_reference(mel), background, frames)
    wanted = regnet.decode(features, regnet.encode_reference(mel), background, frames)
    np.testing.assert_allclose(made, wanted, atol=1e-5)
    assert wanted.std() > 0.01 and 0.2 < wanted.mean() < 0.8
    silent = exported.decode(features, {}, 0 * background, frames)
    assert np.abs(silent - made).max() > 1e-4, "the auxiliary encoder is heard"


def test_an_onnx_cascade_is_the_cascade(regnet, speechsplit, onnx_folders):
    arguments = _inputs(regnet.config)
    mels = []
    for cascade in (CascadeNetworks(regnet, speechsplit), load_cascade(*onnx_folders)):
        features, mel, background, frames = arguments
        code = cascade.encode_reference(mel)
        mels.append(cascade.decode(features, code, background, frames))
    np.testing.assert_allclose(mels[1], mels[0], atol=1e-5)
    assert mels[0].std() > 0.01
    assert load_system("cascade:{}+{}".format(*onnx_folders)).name == "cascade"
    with pytest.raises(InputError, match="of the kind speechsplit; one of the kind varietysound"):
        load_networks(onnx_folders[1])


def test_savedmodels_in_a_row_are_the_cascade(regnet, speechsplit, converter):
    """`convert` takes the mel that REGNET's export answers."""
    features, mel, background, frames = _inputs(regnet.config)
    cascade = CascadeNetworks(regnet, speechsplit)
    wanted = cascade.decode(features, cascade.encode_reference(mel), background, frames)
    first = regnet.decode(features, regnet.encode_reference(mel), background, frames)
    timbre = speechsplit.encode_reference(mel)["timbre"]
    made = converter.signatures["convert"](mel=tf.constant(first[None]), timbre=timbre)["mel"]
    np.testing.assert_allclose(made[0], wanted, atol=1e-5)


def test_any_length_and_batch(converter, speechsplit):
    audio: AudioConfig = speechsplit.config.audio
    rng = np.random.default_rng(0)
    sound = rng.normal(size=(2, 5 * audio.hop_length + 17)).astype(np.float32) / 5
    reference = rng.normal(size=(2, 4000)).astype(np.float32) / 5
    answer = converter.signatures["serving_default"](
        sound=tf.constant(sound), reference=tf.constant(reference)
    )
    assert answer["waveform"].shape == sound.shape
    mel = rng.uniform(size=(1, 7, audio.n_mels)).astype(np.float32)
    timbre = converter.signatures["encode_reference"](reference=tf.constant(reference))["timbre"]
    converted = converter.signatures["convert"](mel=tf.constant(mel), timbre=timbre[:1])["mel"]
    assert converted.shape == mel.shape
    waveform = converter.signatures["waveform"](mel=converted)["waveform"]
    assert waveform.shape == (1, 7 * audio.hop_length)
    for changed, sentence in (
        ({"mel": mel * np.nan}, "mel holds NaN"),
        ({"timbre": np.zeros((3, timbre.shape[1]), np.float32)}, "the same number of examples"),
    ):
        inputs = {"mel": mel, "timbre": timbre[:1], **changed}
        with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
            converter.signatures["convert"](**{k: tf.constant(v) for k, v in inputs.items()})


def test_the_card_has_measured_differences(speechsplit):
    text = (saved_model_export(speechsplit) / "README.md").read_text()
    table = text.split("## Largest")[1].split("## The model")[0]
    found = dict(row.strip("| ").split(" | ") for row in table.splitlines() if "e-" in row)
    assert set(found) == {"timbre", "mel", "waveform (relative)"}
    assert float(found["mel"]) < 1e-4 and float(found["waveform (relative)"]) < 0.05
    assert "| `convert` | in | `mel` | float32 | [batch, mel_frames, 8] |" in text


def test_the_converter_runs_without_this_package(converter, speechsplit, tmp_path):
    request = conversion_requests(speechsplit.config, converter.signatures, 1.0)["serving_default"]
    np.savez(tmp_path / "request.npz", **request)
    folder = saved_model_export(speechsplit)
    subprocess.run(
        [sys.executable, "-c", ALONE, folder, tmp_path / "request.npz", tmp_path / "answer.npy"],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        check=True,
        capture_output=True,
    )
    inputs = {name: tf.constant(value) for name, value in request.items()}
    own = converter.signatures["serving_default"](**inputs)["waveform"].numpy()
    assert np.linalg.norm(np.load(tmp_path / "answer.npy") - own) < 1e-3 * np.linalg.norm(own)


def test_a_cascade_is_exported_as_its_two_models(tmp_path):
    options = ["--model", "cascade:a+b", "--out", str(tmp_path / "out")]
    error = CliRunner().invoke(app, options).exception
    assert isinstance(error, InputError) and "as its two models" in str(error)
