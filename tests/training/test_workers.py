"""Several processes train as one does, and go on when one of them is killed."""

import signal

import numpy as np
import pytest

from tests.training import clusters
from vsg_tf.training.checkpoints import read_checkpoint

STEPS = 30


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """Folder of data and configuration."""
    folder = tmp_path_factory.mktemp("workers")
    config = clusters.plain_config(
        steps=STEPS,
        checkpoint_every=2,
        keep_checkpoints=100,
        validate_every=20,
        log_every=10,
        learning_rate=0.02,
    )
    clusters.prepare_noise(folder / "data", config, 18)
    clusters.write_config(folder / "config.yaml", config)
    return folder


def _command(material, out, *more):
    return ("-c", material / "config.yaml", "-d", material / "data", "-o", out, *more)


def _finish(processes):
    outputs = [process.communicate(timeout=500) for process in processes]
    for process, (_, error) in zip(processes, outputs, strict=True):
        assert process.returncode == 0, error[-3000:]
    return outputs


def _final(out):
    return read_checkpoint(out / "checkpoints" / f"step-{STEPS:08d}")


def test_two_workers_train_as_one_process_and_outlive_a_kill(material, tmp_path):
    one = clusters.start(*_command(material, tmp_path / "one"))
    _finish([one])
    addresses = clusters.free_addresses(2)

    def worker(index):
        out = tmp_path / ("two" if index == 0 else "nothing")
        cluster = ("--workers", addresses, "--worker-index", index, "--worker-timeout", 400)
        return clusters.start(*_command(material, out, *cluster))

    chief, other = worker(0), worker(1)
    saved = tmp_path / "two" / "checkpoints" / "step-00000004"
    clusters.wait_until(lambda: saved.is_dir() or chief.poll() is not None)
    assert chief.poll() is None, chief.communicate()[1][-3000:]
    other.kill()
    assert other.wait() == -signal.SIGKILL
    assert not (tmp_path / "two" / "checkpoints" / f"step-{STEPS:08d}").exists()
    outputs = _finish([chief, worker(1)])
    assert "Another worker of this run is gone." in outputs[0][1]
    assert "continuing from step" in outputs[0][1]
    assert "the chief has the model" in outputs[1][0]
    assert not (tmp_path / "nothing").exists()

    (two, state), (alone, alone_state) = _final(tmp_path / "two"), _final(tmp_path / "one")
    assert state.step == alone_state.step == STEPS and state.epoch == alone_state.epoch > 0
    assert two.keys() == alone.keys()
    first, _ = read_checkpoint(tmp_path / "one" / "checkpoints" / "step-00000002")
    kernel = next(name for name in alone if "mel_decoder/upsampling/kernel" in name)
    assert np.abs(alone[kernel] - first[kernel]).max() > 1e-3
    for name, array in alone.items():
        np.testing.assert_allclose(two[name], array, atol=1e-5, err_msg=name)
