"""The loop: what it does when, and how it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.training_cases import (
    BATCHES,
    SignallingProgress,
    tiny_batches,
    tiny_config,
    tiny_loop,
)
from vsg_tf.errors import TrainingError
from vsg_tf.training.checkpoints import read_checkpoint

REPOSITORY = Path(__file__).parents[2]
RESUMED_STEPS = 6


def _steps(folder):
    return [int(path.name[-8:]) for path in sorted((folder / "checkpoints").iterdir())]


def test_validates_logs_and_saves(gan, tmp_path, capsys):
    config = tiny_config(steps=5, checkpoint_every=2, validate_every=2, keep_checkpoints=2)
    saved = []
    loop = tiny_loop(
        config,
        gan,
        tmp_path,
        validated=True,
        save_model=lambda step, metrics: saved.append((step, metrics["mel_l1"])),
    )
    outcome = loop.run()
    assert outcome.step == 5 and outcome.signal is None
    assert {"mel_l1", "baseline_l1", "baseline_loud_l1"} <= outcome.metrics.keys()
    losses = [loss for _, loss in saved]
    assert losses == sorted(losses, reverse=True)
    assert loop.state.best_step == saved[-1][0]
    assert set(_steps(tmp_path)) == {4, 5, saved[-1][0]}
    assert loop.state.epoch == 1 and loop.state.batch == 5 - BATCHES
    assert [(step, group) for step, group, _ in loop.log.logged] == [
        (1, "train"),
        (2, "train"),
        (2, "validation"),
        (4, "train"),
        (4, "validation"),
        (5, "train"),
        (5, "validation"),
    ]
    assert set(loop.log.mels) == {"target", "reconstruction", "reference", "swapped"}
    lines = capsys.readouterr().err.splitlines()
    assert any(line.startswith("step 4/5  mel ") and "clips/s" in line for line in lines)
    assert any(line.startswith("validation at step 2: mel_l1 ") for line in lines)


def test_without_validation_the_last_model_is_saved(gan, tmp_path):
    saved = []
    config = tiny_config(steps=1)
    tiny_loop(config, gan, tmp_path, save_model=lambda step, metrics: saved.append(step)).run()
    assert saved == [1]


def test_a_new_phase_forgets_the_best_of_the_one_before(gan, tmp_path, monkeypatch):
    monkeypatch.setattr(gan, "adversarial_from", lambda step: step >= 1)
    saved = []
    config = tiny_config(steps=2, validate_every=1, checkpoint_every=9)
    loop = tiny_loop(
        config, gan, tmp_path, validated=True, save_model=lambda step, metrics: saved.append(step)
    )
    loop.state = loop.state.model_copy(update={"best": 0.0, "best_step": 0})
    loop.run()
    assert saved[0] == 2 and loop.state.best > 0


def test_killed_and_resumed_equals_uninterrupted(gan, tmp_path):
    config = tiny_config(steps=RESUMED_STEPS, checkpoint_every=3)
    tiny_loop(config, gan, tmp_path / "whole").run()
    command = [sys.executable, "-m", "tests.training.test_loop", str(tmp_path / "killed")]
    assert subprocess.run(command, check=False, cwd=REPOSITORY).returncode == -signal.SIGKILL
    assert _steps(tmp_path / "killed") == [3]
    loop = tiny_loop(config, gan, tmp_path / "killed")
    assert loop.resume()
    assert loop.state.step == 3 and loop.state.batch == 3
    assert loop.run().step == RESUMED_STEPS
    whole, killed = (
        read_checkpoint(tmp_path / name / "checkpoints" / f"step-{RESUMED_STEPS:08d}")[0]
        for name in ("whole", "killed")
    )
    assert [name for name in whole if whole[name].tobytes() != killed[name].tobytes()] == []


def test_resuming_nothing_starts_anew(gan, tmp_path):
    assert not tiny_loop(tiny_config(), gan, tmp_path).resume()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_saves_and_leaves(gan, tmp_path, number):
    config = tiny_config(steps=4, checkpoint_every=100)
    before = signal.getsignal(number)
    progress = SignallingProgress(config, 1, number)
    outcome = tiny_loop(config, gan, tmp_path, progress=progress).run()
    assert (outcome.step, outcome.signal) == (1, number)
    assert _steps(tmp_path) == [1]
    assert signal.getsignal(number) is before


def test_a_loss_that_is_not_finite_names_step_and_examples(gan, tmp_path):
    config = tiny_config(steps=4, checkpoint_every=1)
    loop = tiny_loop(config, gan, tmp_path, batches=tiny_batches(config, damaged=1))
    with pytest.raises(TrainingError, match=r"Step 2 .* on the examples \[4, 5, 6, 7\]"):
        loop.run()
    arrays, state = loop.checkpoints.load_newest()
    assert state.step == 1
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_an_epoch_without_a_batch_is_an_error(gan, tmp_path):
    config = tiny_config()
    loop = tiny_loop(config, gan, tmp_path, batches=lambda *_: tiny_batches(config)(0, BATCHES))
    with pytest.raises(TrainingError, match="no batch of 4 clips"):
        loop.run()


def _train_until_killed(folder: Path) -> None:
    import tensorflow as tf

    from tests.training_cases import tiny_gan

    tf.config.run_functions_eagerly(True)
    config = tiny_config(steps=RESUMED_STEPS, checkpoint_every=3)
    progress = SignallingProgress(config, 5, signal.SIGKILL)
    tiny_loop(config, tiny_gan(config), folder, progress=progress).run()


if __name__ == "__main__":
    _train_until_killed(Path(sys.argv[1]))
