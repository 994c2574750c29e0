"""Where a run may start or go on, and what the command says where it may not."""

import sys

import pytest
from typer.testing import CliRunner

from tests.training_cases import tiny_config
from vsg_tf.config import config_to_yaml
from vsg_tf.errors import ConfigError, InputError, MissingExtraError
from vsg_tf.train import app
from vsg_tf.training.run_folder import RunFolder, first_difference


def test_first_difference_ignores_lengths_and_intervals():
    old = tiny_config()
    free = tiny_config(
        steps=9,
        log_every=1,
        validate_every=1,
        validation_batches=2,
        checkpoint_every=1,
        keep_checkpoints=1,
    )
    assert first_difference(old, free) is None
    other = tiny_config(seed=4, learning_rate=1.0)
    assert first_difference(old, other) == ("training.learning_rate", 0.01, 1.0)


def test_resuming_with_another_configuration_names_the_key(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.write_config(tiny_config())
    folder.check_resume(tiny_config(steps=100))
    with pytest.raises(ConfigError, match=r"training\.seed = 3, not 4"):
        folder.check_resume(tiny_config(seed=4))


def test_a_new_run_needs_an_empty_place(tmp_path):
    RunFolder(tmp_path).check_new()
    RunFolder(tmp_path / "missing").check_new()
    (tmp_path / "something").touch()
    with pytest.raises(InputError, match="--resume"):
        RunFolder(tmp_path).check_new()
    with pytest.raises(InputError, match="There is no run to resume"):
        RunFolder(tmp_path).check_resume(tiny_config())


def test_two_runs_into_one_folder_are_refused(tmp_path):
    folder = RunFolder(tmp_path / "run")
    with folder.locked():
        with pytest.raises(InputError, match="Another process is training into"):
            with RunFolder(tmp_path / "run").locked():
                pass
    with folder.locked():
        pass
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="Cannot make the run"):
        with RunFolder(tmp_path / "file" / "run").locked():
            pass


def test_a_missing_package_is_one_sentence(tmp_path, monkeypatch):
    settings = tmp_path / "settings.yaml"
    settings.write_text(config_to_yaml(tiny_config()))
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    places = ["--data", tmp_path / "data", "--out", tmp_path / "run"]
    error = _error(*places, "--config", settings)
    assert isinstance(error, MissingExtraError)
    assert "vsg-tf[tensorflow]" in str(error)


def _error(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exception


def test_command_refuses_before_it_works(tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text(config_to_yaml(tiny_config()))
    places = ["--data", tmp_path / "data", "--out", tmp_path / "run"]
    assert "Name a configuration" in str(_error(*places))
    assert "no run to resume" in str(_error(*places, "--resume"))
    error = _error(*places, "--config", settings, "--set", "training.step=3")
    assert "did you mean 'steps'" in str(error)
    error = _error(*places, "--config", settings)
    assert isinstance(error, InputError) and "manifest.json" in str(error)
    assert not (tmp_path / "run").exists()
    assert "leave out --start" in str(_error(*places, "--start", tmp_path, "--resume"))
    assert "Name a configuration" in str(_error(*places, "--start", tmp_path))
