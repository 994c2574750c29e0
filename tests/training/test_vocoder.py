"""The vocoder goes through the same command, loop and files as every other model."""

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from tests.vocoder_cases import tiny_vocoder_config, tiny_vocoder_values, write_recordings
from vsg_tf import train
from vsg_tf.config import parse_config
from vsg_tf.data.sound_dataset import make_sound_dataset
from vsg_tf.data.sounds import prepare_sounds
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.model_files import load_model_dir, load_vocoder_dir
from vsg_tf.training.checkpoints import read_checkpoint
from vsg_tf.training.run_folder import RunFolder
from vsg_tf.training.session import train_run


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    place = tmp_path_factory.mktemp("vocoder")
    folder = write_recordings(place / "things", 6)
    options = {"valid_match": "thing[ab]_", "valid_fraction": 0.0}
    prepare_sounds(tiny_vocoder_config(), [folder], place / "data", **options)
    return place / "data"


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    """A run of four steps, the last two in the adversarial phase, by the command."""
    place = tmp_path_factory.mktemp("run")
    config = place / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny_vocoder_values()))
    arguments = ["--config", config, "--data", data, "--out", place / "run"]
    result = CliRunner().invoke(train.app, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return place / "run"


def test_the_command_trains_and_writes_what_loads(run, data):
    config, vocoder = load_vocoder_dir(run / "model")
    assert config == tiny_vocoder_config()
    arrays, state = read_checkpoint(run / "checkpoints" / "step-00000004")
    averaged = [arrays[name] for name in sorted(arrays) if name.startswith("averaged/")]
    for stored, weight in zip(averaged, vocoder.get_weights(), strict=True):
        assert np.array_equal(stored, weight)
    assert state.step == 4 and np.isfinite(state.best)
    batch = next(
        iter(make_sound_dataset(data, "valid", config, batch_size=2, epoch=0, training=False))
    )
    assert vocoder(batch["mel"]).shape == batch["waveform"].shape
    before = (run / "model_before_adversarial" / "README.md").read_text()
    assert "Step 2 of 4" in before and "Step 4 of 4" in (run / "model" / "README.md").read_text()
    card = (run / "model" / "README.md").read_text()
    assert "vocoder.weights.h5" in card and "mel_l1" in card and "front end" not in card


def test_every_weight_of_both_sides_learns(run):
    before, _ = read_checkpoint(run / "checkpoints" / "step-00000002")
    after, _ = read_checkpoint(run / "checkpoints" / "step-00000004")
    for role in ("generator", "averaged", "waveform_discriminator"):
        names = [name for name in before if name.startswith(role + "/")]
        assert names
        still = [name for name in names if np.array_equal(before[name], after[name])]
        assert not still
    # Before its phase the discriminator costs nothing and stays as it was.
    optimizer = [n for n in before if n.startswith("discriminator_optimizer/")]
    assert any(np.any(after[n] != before[n]) for n in optimizer)


def test_a_resumed_run_ends_with_the_same_numbers(data, tmp_path):
    whole, parts = (RunFolder(tmp_path / name) for name in ("whole", "parts"))
    train_run(tiny_vocoder_config(), data, whole, resume=False, devices=None)
    train_run(tiny_vocoder_config(steps=2), data, parts, resume=False, devices=None)
    train_run(tiny_vocoder_config(), data, parts, resume=True, devices=None)
    whole, parts = (
        read_checkpoint(folder.checkpoints / "step-00000004")[0] for folder in (whole, parts)
    )
    assert whole.keys() == parts.keys()
    assert [name for name in whole if not np.array_equal(whole[name], parts[name])] == []


def test_a_vocoder_is_no_generator_and_a_damaged_one_is_told(run, tmp_path):
    with pytest.raises(InputError, match=r"no config\.yaml"):
        load_model_dir(run / "model")
    with pytest.raises(InputError, match="holds no vocoder"):
        load_vocoder_dir(tmp_path)
    for name in ("vocoder.yaml", "vocoder.weights.h5"):
        (tmp_path / name).write_bytes((run / "model" / name).read_bytes())
    (tmp_path / "vocoder.weights.h5").write_bytes(b"not HDF5")
    with pytest.raises(InputError, match="damaged"):
        load_vocoder_dir(tmp_path)


@pytest.mark.parametrize("name", ["stft", "magnitude", "feature_matching"])
def test_losses_of_waveforms_are_refused_elsewhere(name):
    with pytest.raises(ConfigError, match="vocoder alone"):
        parse_config({"loss": {name: 1.0}})
