"""`vsg runs`."""

import os

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.training_cases import tiny_config
from vsg_tf.errors import InputError
from vsg_tf.runs import app, find_runs, summarise
from vsg_tf.training.checkpoints import CheckpointState, CheckpointStore
from vsg_tf.training.run_folder import RunFolder


def _run(folder, steps, done, best=None):
    run = RunFolder(folder)
    folder.mkdir(parents=True)
    run.write_config(tiny_config(steps=steps))
    run.logs.mkdir()
    store = CheckpointStore(run.checkpoints, 9)
    for number, step in enumerate(done):
        state = CheckpointState(step=step, epoch=0, batch=step, best=best, best_step=best and step)
        path = store.save({"a": np.zeros(2)}, state)
        os.utime(path, (1000 + 4 * number,) * 2)
    return run


def test_steps_score_speed_and_state_are_told(tmp_path):
    _run(tmp_path / "a" / "stopped", 8, [2, 6], best=0.25)
    _run(tmp_path / "finished", 4, [4])
    _run(tmp_path / "begun", 4, [])
    busy = _run(tmp_path / "running", 4, [2])
    broken = _run(tmp_path / "unreadable", 4, [])
    broken.config.write_text("name: [")
    runs = {run.path.name: run for run in find_runs(tmp_path)}
    assert set(runs) == {"stopped", "finished", "begun", "running", "unreadable"}
    with busy.locked():
        for name, run in runs.items():
            assert summarise(run).state == name
    stopped = summarise(runs["stopped"])
    assert (stopped.step, stopped.steps, stopped.best, stopped.best_step) == (6, 8, 0.25, 6)
    assert stopped.clips_per_second == pytest.approx(4 * 4 / 4)
    output = CliRunner().invoke(app, [str(tmp_path)]).output
    assert "6/8" in output and "0.2500" in output


def test_where_there_is_no_run_it_is_said(tmp_path):
    with pytest.raises(InputError, match="There is no folder"):
        find_runs(tmp_path / "nothing")
    error = CliRunner().invoke(app, [str(tmp_path)]).exception
    assert isinstance(error, InputError) and "There is no run in" in str(error)
