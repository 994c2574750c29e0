"""Experiment trackers are told what TensorBoard is told; both are stood in for here."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tests.training_cases import tiny_config
from vsg_tf.errors import MissingExtraError
from vsg_tf.training.run_folder import RunFolder
from vsg_tf.training.trackers import IDENTITIES, MlflowLog, SeveralLogs, WandbLog

MELS = {"target": np.full((2, 12, 16), 0.5, np.float32)}


class Recorder:
    """Notes every call of any name, and answers with itself."""

    def __init__(self, **attributes):
        self.calls = []
        self.__dict__.update(attributes)

    def __getattr__(self, name):
        def call(*arguments, **named):
            self.calls.append((name, arguments, named))
            return self

        return call

    def of(self, name):
        return [(arguments, named) for called, arguments, named in self.calls if called == name]


def test_mlflow_gets_settings_numbers_and_pictures(tmp_path, monkeypatch):
    mlflow = Recorder(info=SimpleNamespace(run_id="run7"))
    monkeypatch.setitem(sys.modules, "mlflow", mlflow)
    folder = RunFolder(tmp_path / "first")
    log = MlflowLog(folder, tiny_config())
    log.scalars(3, "train", {"mel": np.float32(0.5)})
    log.examples(3, MELS)
    log.flush()
    assert mlflow.of("start_run") == [((), {"run_id": None, "run_name": "first"})]
    settings = mlflow.of("log_params")[0][0][0]
    assert settings["training.seed"] == "3" and settings["model.events.enabled"] == "True"
    assert mlflow.of("log_metrics") == [(({"train/mel": 0.5},), {"step": 3})]
    assert [named["artifact_path"] for _, named in mlflow.of("log_artifact")] == ["mel/target"] * 2
    assert len(mlflow.of("end_run")) == 1
    MlflowLog(folder, tiny_config())
    assert mlflow.of("start_run")[1][1]["run_id"] == "run7"
    assert len(mlflow.of("log_params")) == 1
    assert json.loads((folder.path / IDENTITIES).read_text()) == {"mlflow": "run7"}


def test_wandb_gets_settings_numbers_and_pictures(tmp_path, monkeypatch):
    wandb = Recorder(id="run8")
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    folder = RunFolder(tmp_path / "first")
    log = WandbLog(folder, tiny_config())
    log.scalars(3, "train", {"mel": 0.5})
    log.examples(3, MELS)
    log.flush()
    started = wandb.of("init")[0][1]
    assert started["name"] == "first" and started["config"]["training"]["seed"] == 3
    assert started["id"] is None and started["resume"] == "allow"
    assert wandb.of("log")[0] == (({"train/mel": 0.5},), {"step": 3})
    assert wandb.of("Image")[0][0][0].shape == (16, 12)
    assert len(wandb.of("finish")) == 1
    WandbLog(folder, tiny_config())
    assert wandb.of("init")[1][1]["id"] == "run8"


def test_several_logs_are_all_told():
    members = [Recorder(), Recorder()]
    logs = SeveralLogs(members)
    logs.configuration(1, "name: tiny")
    logs.scalars(1, "train", {"a": 1.0})
    logs.examples(1, MELS)
    logs.flush()
    for member in members:
        told = [name for name, _, _ in member.calls]
        assert told == ["configuration", "scalars", "examples", "flush"]


def test_a_tracker_that_is_not_installed_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(MissingExtraError, match=r"vsg-tf\[mlflow\]"):
        MlflowLog(RunFolder(tmp_path), tiny_config())
