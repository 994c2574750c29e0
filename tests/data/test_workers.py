"""Worker processes never outlive the command, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vsg_tf.data.workers import stoppable, worker_pool

REPOSITORY = Path(__file__).parents[2]


def _note_and_sleep(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(600)


def _work(folder: Path) -> None:
    with stoppable(), worker_pool(None, 2) as pool:
        jobs = [pool.submit(_note_and_sleep, str(folder / name)) for name in "ab"]
        jobs[0].result()


def _is_running(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def _wait_until(condition) -> bool:
    end = time.monotonic() + 60
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_workers_end_with_the_command(tmp_path, number, code):
    command = [sys.executable, "-m", "tests.data.test_workers", str(tmp_path)]
    notes = [tmp_path / name for name in "ab"]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        assert _wait_until(lambda: all(note.exists() and note.read_text() for note in notes))
        process.send_signal(number)
        error = process.communicate(timeout=60)[1]
    assert process.returncode == code
    if number != signal.SIGKILL:
        assert error == "Stopped; the same command goes on from here.\n"
    assert _wait_until(lambda: not any(_is_running(int(note.read_text())) for note in notes))


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
