"""The demo: one clip with two sounds, timed by its picture and by a guide."""

import json
import sys

import av
import numpy as np
import pytest

from vsg_tf import command, demo
from vsg_tf.timing.lists import read_timing


def test_two_clips_and_a_picture_of_both(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["demo", "--output", str(tmp_path / "demo")])
    with pytest.raises(SystemExit) as caught:
        command.run(demo.app)
    assert not caught.value.code
    folder = tmp_path / "demo"
    named = {line.rpartition("/")[2] for line in capsys.readouterr().out.splitlines()}
    material = {"silent.mp4", "reference.wav", "guide.wav", "truth.json"}
    assert {path.name for path in folder.iterdir()} == named | material
    truth = json.loads((folder / "truth.json").read_text())
    for name, wanted, within in (
        ("demo", truth["visual_onsets_s"], 0.1),
        ("demo_guide", truth["guide_onsets_s"], 0.03),
    ):
        played = read_timing(folder / f"{name}_events.csv", duration_s=6.0).events.times
        np.testing.assert_allclose(played, wanted, atol=within)
        with av.open(str(folder / f"{name}.mp4")) as container:
            assert container.streams.video and container.streams.audio
    assert (folder / "demo.png").read_bytes().startswith(b"\x89PNG")
