"""The same data from an Apache Beam runner, also when a worker is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.data.corpora import NumberBuilder, prepare_numbers, tiny_config
from vsg_tf.data.beam import BeamRunner
from vsg_tf.data.manifest import read_manifest
from vsg_tf.data.shard_notes import read_notes, write_note
from vsg_tf.data.shards import SHARD_EXAMPLES, build_shard, open_output, write_shards
from vsg_tf.errors import InputError

REPOSITORY = Path(__file__).parents[2]
COUNT = 3 * SHARD_EXAMPLES + 5


class SlowBuilder(NumberBuilder):
    """Stops at the last training item, having noted its process, until told to hurry."""

    def __init__(self, config, folder: Path):
        super().__init__(config)
        self.folder = folder

    def __call__(self, number):
        if number == COUNT - 1:
            (self.folder / "process").write_text(str(os.getpid()))
            while not (self.folder / "hurry").exists():
                time.sleep(0.05)
        return super().__call__(number)


def test_options_become_flags():
    assert BeamRunner(workers=1).flags() == ["--direct_num_workers=1", "--runner=DirectRunner"]
    flags = BeamRunner(("direct_running_mode=multi_threading",), 3).flags()
    assert "--direct_num_workers=3" in flags and "--direct_running_mode=multi_threading" in flags
    assert BeamRunner(("--runner=FlinkRunner", "streaming"), 2).flags() == [
        "--runner=FlinkRunner",
        "--streaming",
    ]
    with pytest.raises(InputError, match="KEY=VALUE"):
        BeamRunner(("=1",)).flags()


def test_a_note_counts_only_with_its_shard_and_settings(tmp_path):
    config = tiny_config()
    result = build_shard(NumberBuilder(config), tmp_path, "train-00000.tfrecord", "train", [2, 3])
    write_note(tmp_path, "these", result)
    (tmp_path / "train-00001.tfrecord.json").write_text("{}")
    assert read_notes(tmp_path, "these") == {"train-00000.tfrecord": result}
    assert result[1] == [{"item": "3", "reason": "Three is silent."}]
    assert not read_notes(tmp_path, "others")
    (tmp_path / "train-00000.tfrecord").unlink()
    assert not read_notes(tmp_path, "these")


def test_a_missing_extra_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    with pytest.raises(Exception, match=r"vsg-tf\[beam\]"):
        prepare_numbers(tmp_path, tiny_config(), workers=BeamRunner())


@pytest.mark.parametrize("workers", [1, 2])
def test_beam_writes_what_a_process_writes(tmp_path, workers):
    pytest.importorskip("apache_beam", reason="the extra [beam] has an environment of its own")
    config = tiny_config()
    prepare_numbers(tmp_path / "process", config, COUNT)
    manifest = prepare_numbers(tmp_path / "beam", config, COUNT, BeamRunner((), workers))
    assert len(manifest.shards) == 5 and len(manifest.failures["train-00000.tfrecord"]) == 2
    texts = [(tmp_path / name / "manifest.json").read_text() for name in ("process", "beam")]
    assert texts[0] == texts[1]
    assert all(shard.is_unaltered(tmp_path / "beam") for shard in manifest.shards)
    assert not list((tmp_path / "beam").glob("*.tfrecord.json"))


def test_an_unusable_runner_is_one_sentence(tmp_path):
    pytest.importorskip("apache_beam", reason="the extra [beam] has an environment of its own")
    with pytest.raises(InputError, match="The Beam job failed"):
        prepare_numbers(tmp_path, tiny_config(), 3, BeamRunner(("runner=NoSuchRunner",)))


def slowly(place: str) -> None:
    """Prepare with `SlowBuilder` on two workers; called in a process of its own."""
    folder, config = Path(place), tiny_config()
    manifest = open_output(folder, config, "numbers", {"count": COUNT}, False)
    splits = {"train": list(range(COUNT)), "valid": [COUNT]}
    runner = BeamRunner((), 2)
    write_shards(folder, manifest, splits, SlowBuilder(config, folder), workers=runner)


def test_after_a_killed_worker_the_same_command_goes_on(tmp_path):
    pytest.importorskip("apache_beam", reason="the extra [beam] has an environment of its own")
    folder = tmp_path / "beam"
    folder.mkdir()
    script = "import sys; from tests.data.test_beam import slowly; slowly(sys.argv[1])"
    command = [sys.executable, "-c", script, str(folder)]
    first = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
    stuck = folder / "process"
    end = time.monotonic() + 400
    while not (stuck.exists() and stuck.read_text() and any(folder.glob("*.tfrecord.json"))):
        assert time.monotonic() < end and first.poll() is None
        time.sleep(0.1)
    os.kill(int(stuck.read_text()), signal.SIGKILL)
    error = first.communicate(timeout=400)[1]
    assert first.returncode != 0 and "A worker of the Beam job died" in error
    assert not read_manifest(folder).complete
    finished = (path.with_suffix("") for path in folder.glob("*.tfrecord.json"))
    made = {path.name: path.stat().st_mtime_ns for path in finished}
    (folder / "hurry").touch()
    assert subprocess.run(command, check=False, cwd=REPOSITORY, timeout=400).returncode == 0
    manifest = read_manifest(folder)
    assert manifest.complete and manifest.count("train") == COUNT - 2
    assert made and all((folder / name).stat().st_mtime_ns == time for name, time in made.items())
    prepare_numbers(tmp_path / "process", tiny_config(), COUNT)
    whole = read_manifest(tmp_path / "process")
    assert np.array_equal(
        [shard.sha256 for shard in manifest.shards], [shard.sha256 for shard in whole.shards]
    )
