"""Files whose names are no text, and terminals that cannot show them."""

import os
import subprocess
import sys

import pytest
import soundfile

from tests.media_writing import hits, write_video


@pytest.mark.parametrize("name", [b"caf\xe9", "日本".encode()], ids=["not UTF-8", "not ASCII"])
def test_any_name_is_read_and_written(tmp_path, name):
    name = os.fsdecode(name)
    folder = tmp_path / name
    folder.mkdir()
    write_video(tmp_path / "clip.mp4", size=(128, 96))
    (tmp_path / "clip.mp4").rename(folder / f"{name}.mp4")
    soundfile.write(tmp_path / "hits.wav", hits(), 22050)
    (tmp_path / "hits.wav").rename(folder / f"{name}.wav")
    files = {
        "--video": folder / f"{name}.mp4",
        "--reference": folder / f"{name}.wav",
        "--guide": folder / f"{name}.wav",
        "--output": folder / f"{name}-out.mp4",
        "--wav": folder / f"{name}-out.flac",
        "--events-out": folder / f"{name}-out.csv",
        "--hand-over": folder / f"{name}-taken",
    }
    words = [word for pair in files.items() for word in pair]
    result = subprocess.run(
        [sys.executable, "-m", "vsg_tf.generate", *words],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.isascii() and b"-out.mp4" in result.stdout
    assert {path.name for path in folder.iterdir()} == {path.name for path in files.values()}
