"""`vsg train`: which settings a run gets; the training itself is tested in tests/training."""

import pytest
from typer.testing import CliRunner

from vsg_tf.config import config_to_yaml, load_config
from vsg_tf.errors import ConfigError, InputError
from vsg_tf.train import _settings, app


@pytest.fixture
def phases(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "training: {steps: 400, learning_rate_warmup: 40, adversarial_start: 320, "
        "adversarial_ramp: 20}\n"
    )
    return path


def test_steps_shrink_the_phases_with_them(tmp_path, phases):
    with pytest.raises(ConfigError, match=r"with training\.steps=8 .*--steps"):
        _settings(tmp_path / "none", phases, False, ["training.steps=8"], None)
    training = _settings(tmp_path / "none", phases, False, [], 10).training
    assert (training.steps, training.learning_rate_warmup) == (10, 1)
    assert (training.adversarial_start, training.adversarial_ramp) == (8, 0)
    whole = _settings(tmp_path / "none", phases, False, [], None)
    assert whole == load_config(phases)


def test_a_resumed_run_keeps_its_phases(tmp_path, phases):
    stored = tmp_path / "config.yaml"
    stored.write_text(config_to_yaml(_settings(stored, phases, False, [], 100)))
    training = _settings(stored, None, True, [], 200).training
    assert (training.steps, training.learning_rate_warmup) == (200, 10)
    # The command that started it, repeated with --resume, gives the same settings.
    assert _settings(stored, phases, True, [], 100) == load_config(stored)


def _error(tmp_path, phases, *more, **environment):
    arguments = ["-c", phases, "-d", tmp_path / "data", "-o", tmp_path / "run", *more]
    return CliRunner().invoke(app, [str(each) for each in arguments], env=environment).exception


def test_an_unknown_tracker_and_a_bad_cluster_are_one_sentence(tmp_path, phases):
    error = _error(tmp_path, phases, "--log", "notebook")
    assert isinstance(error, InputError) and "--log knows mlflow and wandb" in str(error)
    error = _error(tmp_path, phases, TF_CONFIG="{")
    assert isinstance(error, ConfigError) and "TF_CONFIG is not JSON" in str(error)
    error = _error(tmp_path, phases, "--workers", "a:1,b:1")
    assert isinstance(error, ConfigError) and "belong together" in str(error)
    assert not (tmp_path / "run").exists()
