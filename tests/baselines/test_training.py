"""REGNET and SpeechSplit by the ordinary command, up to the sound of their cascade."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import tensorflow as tf
from typer.testing import CliRunner

from tests.baselines.cases import BANDS, REGNET, SPEECHSPLIT, small_config
from tests.data.corpora import prepare_numbers
from tests.media_writing import hits, write_video
from vsg_tf.baselines import load_system
from vsg_tf.baselines.conversion import load_cascade
from vsg_tf.config import config_to_yaml, data_hash, load_config
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.model_files import load_model_dir, save_model_dir
from vsg_tf.model_kinds import build_generator
from vsg_tf.train import app
from vsg_tf.training.checkpoints import read_checkpoint

SECTIONS = {
    "training": {
        "steps": 2,
        "batch_size": 2,
        "crop_seconds": 0.4,
        "checkpoint_every": 1,
        "validation_batches": 1,
    },
    "data": {"clip_seconds": 2.0},
}


def _config(model):
    return small_config(model, **SECTIONS)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    prepare_numbers(folder, _config(REGNET), count=3)
    return folder


def _train(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.exception


@pytest.fixture(scope="module")
def runs(tmp_path_factory, data):
    """Run folders by kind; REGNET's was interrupted and resumed."""
    place = tmp_path_factory.mktemp("runs")
    tf.config.run_functions_eagerly(True)  # tracing takes longer than two steps
    for model, first in ((REGNET, 1), (SPEECHSPLIT, 2)):
        settings = place / f"{model['kind']}.yaml"
        settings.write_text(config_to_yaml(_config(model)))
        run = place / model["kind"]
        _train(
            *("--config", settings, "--data", data, "--out", run),
            *("--set", f"training.steps={first}"),
        )
        if first == 1:
            _train("--data", data, "--out", run, "--resume", "--set", "training.steps=2")
    tf.config.run_functions_eagerly(False)
    return place


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    write_video(folder / "clip.mp4")
    write_video(folder / "mute.mp4", sound=False)
    soundfile.write(folder / "reference.wav", hits(), 22050)
    return folder / "clip.mp4", folder / "reference.wav"


@pytest.mark.parametrize("kind", ["regnet", "speechsplit"])
def test_the_command_trains_and_saves_what_can_be_loaded(runs, kind):
    arrays, state = read_checkpoint(runs / kind / "checkpoints" / "step-00000002")
    assert state.step == 2 and state.config["model"]["kind"] == kind
    config, generator = load_model_dir(runs / kind / "model", kinds=(kind,))
    assert config.name == f"small-{kind}"
    shipped = [weight.numpy() for weight in generator.trainable_weights]
    stored = [value for name, value in arrays.items() if name.startswith("generator/")]
    for weight in shipped:
        assert any(weight.shape == x.shape and np.array_equal(weight, x) for x in stored)
    card = (runs / kind / "model" / "README.md").read_text(encoding="utf-8")
    assert {"regnet": "REGNET", "speechsplit": "SpeechSplit"}[kind] in card


def test_systems_of_models_give_the_clips_length(runs, pair):
    folders = {kind: runs / kind / "model" for kind in ("regnet", "speechsplit")}
    cascade = f"cascade:{folders['regnet']}+{folders['speechsplit']}"
    sounds = {}
    for name in (*folders.values(), cascade):
        system = load_system(name)
        sounds[system.name] = system(*pair, seed=1)
        assert sounds[system.name].shape == (26460,)
        assert sounds[system.name].dtype == np.float32
        assert np.array_equal(sounds[system.name], system(*pair, seed=1))
    assert set(sounds) == {"small-regnet", "small-speechsplit", "cascade"}
    assert not np.array_equal(sounds["small-regnet"], sounds["cascade"])


def test_a_cascade_is_the_one_network_after_the_other(runs):
    cascade = load_cascade(runs / "regnet" / "model", runs / "speechsplit" / "model")
    rng = np.random.default_rng(0)
    features = rng.normal(size=(7, 282)).astype(np.float32)
    mel = rng.uniform(size=(20, BANDS)).astype(np.float32)
    silence = np.zeros((28, BANDS), np.float32)
    made = cascade.decode(features, cascade.encode_reference(mel), silence, 7)
    first = cascade.source.decode(features, cascade.source.encode_reference(mel), silence, 7)
    _, converter = load_model_dir(runs / "speechsplit" / "model", kinds=("speechsplit",))
    second = converter({"mel": first[None], "reference_mel": mel[None]})["mel"]
    np.testing.assert_allclose(made, np.clip(second[0], 0, 1), atol=1e-5)


def test_a_converter_needs_a_sound_and_no_video_model(runs, pair):
    folder = runs / "speechsplit" / "model"
    with pytest.raises(InputError, match="no audio stream"):
        load_system(folder)(pair[0].with_name("mute.mp4"), pair[1])
    with pytest.raises(InputError, match="of the kind speechsplit; one of the kind varietysound"):
        Synthesizer.load(folder)


def test_wrong_cascades_are_refused(runs, tmp_path):
    regnet, speechsplit = (runs / kind / "model" for kind in ("regnet", "speechsplit"))
    incomplete = (f"{regnet}", f"{regnet}+{tmp_path / 'none'}", "", "+")
    for text in (f"cascade:{folders}" for folders in incomplete):
        with pytest.raises(InputError, match=r"write it cascade:REGNET_FOLDER\+SPEECHSPLIT_FOLDER"):
            load_system(text)
    with pytest.raises(InputError, match="of the kind speechsplit; one of the kind regnet"):
        load_system(f"cascade:{speechsplit}+{regnet}")
    other = small_config(SPEECHSPLIT, audio={"n_mels": BANDS, "f_min": 0.0}, **SECTIONS)
    save_model_dir(tmp_path / "other+grid", build_generator(other), other, "")
    with pytest.raises(ConfigError, match="work on different mels"):
        load_system(f"cascade:{regnet}+{tmp_path / 'other+grid'}")


def test_configurations_for_the_table_fit_the_default_front_end():
    configs = Path(__file__).parents[2] / "configs"
    wanted = data_hash(load_config(configs / "default.yaml"))
    found = {load_config(path).model.kind: load_config(path) for path in configs.glob("results/*")}
    for kind in ("regnet", "speechsplit"):
        assert data_hash(found[kind]) == wanted
