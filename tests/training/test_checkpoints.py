"""Checkpoints: whole or not there, never trusted, never more than needed."""

import errno
import json
import logging
import os
import subprocess
import sys

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.training.checkpoints import (
    CheckpointState,
    CheckpointStore,
    DamagedCheckpointError,
    _digest,
    read_checkpoint,
)
from vsg_tf.training.variables import collect_arrays, restore_arrays

ARRAYS = {"generator/0000/kernel": np.arange(6, dtype=np.float32).reshape(2, 3)}


def _state(step, **values):
    return CheckpointState(step=step, epoch=1, batch=2, **values)


def test_round_trip(tmp_path):
    store = CheckpointStore(tmp_path / "checkpoints", keep=2)
    store.save(ARRAYS, _state(7, best=0.25, best_step=6, versions={"keras": "3"}))
    arrays, state = store.load_newest()
    assert state == _state(7, best=0.25, best_step=6, versions={"keras": "3"})
    assert arrays.keys() == ARRAYS.keys()
    np.testing.assert_array_equal(*arrays.values(), *ARRAYS.values())


def test_newest_and_best_are_kept(tmp_path):
    store = CheckpointStore(tmp_path, keep=2)
    for step in (1, 2, 3, 4, 5):
        store.save(ARRAYS, _state(step, best=0.5, best_step=min(step, 2)))
    assert [path.name for path in store.paths()] == [
        "step-00000002",
        "step-00000004",
        "step-00000005",
    ]


def _truncate(path):
    data = (path / "arrays.npz").read_bytes()
    (path / "arrays.npz").write_bytes(data[: len(data) // 2])


def _flip_a_byte(path):
    data = bytearray((path / "arrays.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (path / "arrays.npz").write_bytes(bytes(data))


DAMAGES = {
    "truncated": _truncate,
    "altered": _flip_a_byte,
    "no arrays": lambda path: (path / "arrays.npz").unlink(),
    "no state": lambda path: (path / "state.json").unlink(),
    "empty state": lambda path: (path / "state.json").write_text(""),
    "a list as state": lambda path: (path / "state.json").write_text("[1]"),
    "an empty mapping": lambda path: (path / "state.json").write_text("{}"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_falls_back_with_a_warning(tmp_path, caplog, damage):
    store = CheckpointStore(tmp_path, keep=3)
    store.save(ARRAYS, _state(1))
    damage(store.save(ARRAYS, _state(2)))
    with caplog.at_level(logging.WARNING):
        _, state = store.load_newest()
    assert state.step == 1
    assert "step-00000002" in caplog.text
    store.save(ARRAYS, _state(2))
    assert store.load_newest()[1].step == 2


def test_all_damaged_is_one_sentence(tmp_path):
    store = CheckpointStore(tmp_path, keep=3)
    _truncate(store.save(ARRAYS, _state(1)))
    with pytest.raises(InputError, match=r"Every checkpoint .* is damaged"):
        store.load_newest()


def test_no_checkpoint_is_none(tmp_path):
    assert CheckpointStore(tmp_path / "none", keep=3).load_newest() is None


def test_python_objects_are_refused(tmp_path):
    path = CheckpointStore(tmp_path, keep=1).save(ARRAYS, _state(1))
    bomb = np.array([{"a": 1}], dtype=object)
    np.savez(path / "arrays.npz", **{"generator/0000/kernel": bomb})
    state = json.loads((path / "state.json").read_text())
    state["arrays_sha256"] = _digest(path / "arrays.npz")
    (path / "state.json").write_text(json.dumps(state))
    with pytest.raises(DamagedCheckpointError):
        read_checkpoint(path)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    store = CheckpointStore(tmp_path, keep=1)
    store.save(ARRAYS, _state(1))
    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(InputError, match=r"No space left on device.*--resume"):
        store.save(ARRAYS, _state(2))
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]


KILLED_WHILE_WRITING = """
import os, signal, sys
import numpy as np
from vsg_tf.training import checkpoints
store = checkpoints.CheckpointStore(sys.argv[1], 3)
arrays = {"a": np.zeros(1000)}
store.save(arrays, checkpoints.CheckpointState(step=1, epoch=0, batch=1))
checkpoints._flush = lambda path: os.kill(os.getpid(), signal.SIGKILL)
store.save(arrays, checkpoints.CheckpointState(step=2, epoch=0, batch=2))
"""


def test_killed_while_writing_leaves_the_one_before(tmp_path):
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(tmp_path)]
    assert subprocess.run(command, check=False).returncode == -9
    store = CheckpointStore(tmp_path, keep=3)
    assert store.load_newest()[1].step == 1
    store.save(ARRAYS, _state(2))
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["step-00000001", "step-00000002"]


def test_restoring_is_strict_and_all_or_nothing(gan):
    roles = gan.checkpoint_roles()
    arrays = collect_arrays(roles)
    name = next(name for name in arrays if name.startswith("generator/0000"))
    without = {key: value for key, value in arrays.items() if key != name}
    with pytest.raises(InputError, match=f"lacks {name}"):
        restore_arrays(roles, without, "It")
    with pytest.raises(InputError, match=r"holds extra, which"):
        restore_arrays(roles, {**arrays, "extra": arrays[name]}, "It")
    wrong = {key: np.ones_like(value) for key, value in arrays.items()}
    wrong[name] = np.zeros((1, 2, 3, 4), np.float32)
    with pytest.raises(InputError, match=rf"{name} has the shape \(1, 2, 3, 4\)"):
        restore_arrays(roles, wrong, "It")
    after = collect_arrays(roles)
    assert all(np.array_equal(arrays[key], after[key]) for key in arrays)


def test_random_states_and_both_optimizers_are_saved(gan):
    names = collect_arrays(gan.checkpoint_roles()).keys()
    assert any("seed_generator_state" in name for name in names)
    for role in ("averaged", "mel_discriminator", "alignment_discriminator"):
        assert any(name.startswith(f"{role}/") for name in names)
    for role in ("generator_optimizer", "discriminator_optimizer"):
        assert any(name.startswith(f"{role}/") and "velocity" in name for name in names)
