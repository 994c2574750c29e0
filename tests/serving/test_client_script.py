"""`python serving/client.py`: pictures and a recording to the server as they are, a sound back."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.media_writing import write_video

SCRIPT = Path(__file__).parents[2] / "serving" / "client.py"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    import cv2

    folder = tmp_path_factory.mktemp("client")
    (folder / "frames").mkdir()
    for number in range(5):
        picture = np.full((24, 32, 3), 40 * number, np.uint8)
        cv2.imwrite(str(folder / "frames" / f"{number:03}.png"), picture)
    (folder / "hits.wav").write_bytes(b"RIFF a sound\0\0")
    write_video(folder / "clip.mp4")
    return folder


def _run(served, place, *options):
    return subprocess.run(
        [sys.executable, SCRIPT, "--server", served[1].address,
         "--output", place / "sound.wav", "--overwrite", *options],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_folder_of_pictures(served, place):
    options = ["--frames", place / "frames", "--fps", "10", "--background", "0.5"]
    result = _run(served, place, "--reference", place / "hits.wav", *options)
    assert result.returncode == 0, result.stderr
    answer = (place / "sound.wav").read_bytes()
    assert answer == b"5 24 32 0.400 0.50 RIFF a sound\0\0"


def test_a_video(served, place):
    result = _run(served, place, "--reference", place / "hits.wav", "--video", place / "clip.mp4")
    assert result.returncode == 0, result.stderr
    mask = os.umask(0)
    os.umask(mask)
    assert (place / "sound.wav").stat().st_mode & 0o777 == 0o666 & ~mask
    count, height, width, last, *_ = (place / "sound.wav").read_bytes().split(b" ")
    import av

    with av.open(str(place / "clip.mp4")) as container:
        frames = list(container.decode(video=0))
    assert int(count) == len(frames)
    assert int(width) == 192
    assert int(height) == pytest.approx(192 * frames[0].height / frames[0].width, abs=2)
    assert float(last) == pytest.approx(frames[-1].time - frames[0].time, abs=1e-3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--reference", "none.wav", "--frames", "frames"], "name a WAV file"),
        (["--reference", "hits.wav", "--frames", "."], "holds no .jpg or .png"),
        (["--reference", "hits.wav", "--video", "hits.wav"], "is not a video"),
        (["--reference", "hits.wav", "--frames", "frames", "--fps", "0"], "above 0"),
    ],
)
def test_bad_input_is_one_sentence(served, place, options, sentence):
    options = [place / o if o[0] != "-" and o != "0" else o for o in options]
    result = _run(served, place, *options)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
