"""A project's layers as an editor gets them: each as it is in the mix."""

import sys

import numpy as np
import pytest
import soundfile

from tests.handover.sessions import read, worst_db
from tests.media_writing import hits, write_video
from vsg_tf import command, render
from vsg_tf.events import EventTrack
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.studio.opened import OpenProject
from vsg_tf.studio.project import EventList, FileLink, Layer, Project, save_project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Three layers: a mono one, a panned one at another rate, and one that is muted."""
    folder = tmp_path_factory.mktemp("project")
    write_video(folder / "clip.mp4")
    for name, rate in (("wood", 44_100), ("metal", 48_000)):
        soundfile.write(folder / f"{name}.wav", hits(rate, 1.0, (0.1, 0.5)), rate)

    def layer(name, times, **more):
        track = EventTrack(times, [1.0] * len(times), [np.nan] * len(times))
        link = FileLink.to(folder / f"{name}.wav", folder)
        return Layer(name=name, references=[link], events=EventList.of(track), **more)

    made = Project(
        clip=FileLink.to(folder / "clip.mp4", folder),
        layers=[
            layer("wood", [0.2, 0.7], gain_db=-6),
            layer("metal", [0.4], gain_db=-8, pan=0.5),
            layer("wood", [0.5], muted=True),
        ],
    )
    save_project(folder / "p.yaml", made)
    return folder / "p.yaml"


def _render(monkeypatch, *arguments) -> int:
    monkeypatch.setattr(sys, "argv", ["vsg render", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        command.run(render.app)
    return caught.value.code or 0


def test_the_stems_add_up_to_the_mix(project, tmp_path, monkeypatch):
    folder = tmp_path / "taken"
    arguments = [project, "--hand-over", folder, "--stems", "--session", "reaper"]
    assert _render(monkeypatch, *arguments, "--bit-depth", 32, "--sample-rate", 48_000) == 0
    wood, metal = read(folder / "stems/wood.wav"), read(folder / "stems/metal.wav")
    assert wood.shape[1] == 1
    assert metal.shape[1] == 2
    with OpenProject.load(project, Synthesizer.load()) as opened:
        mix = np.concatenate(list(opened.mixed(48_000).blocks))
    assert np.abs(wood).max() > 0.05
    assert worst_db(wood + metal, mix) < -90
    left, right = np.square(metal).sum(axis=0)
    assert right > 2 * left
    text = (folder / "clip.rpp").read_text(encoding="utf-8")
    assert "metal items" in text
    assert not (folder / "stems/wood_2.wav").exists()  # it is muted
    items = sum(1 for path in (folder / "items/wood").iterdir() if "rest" not in path.name)
    assert items == 2


def test_what_is_named_lies_beside_the_project(project, monkeypatch):
    assert _render(monkeypatch, project, "--midi") == 0
    folder = project.with_name("p-hand-over")
    assert sorted(path.name for path in (folder / "midi").iterdir()) == ["metal.mid", "wood.mid"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "--output FILE, or --hand-over FOLDER"),
        (["--hand-over", "{folder}"], "something else than a hand-over"),
        (["--midi", "--start-timecode", "99:00:00:00"], "does not exist"),
    ],
)
def test_what_cannot_be_is_one_sentence(project, monkeypatch, capsys, arguments, sentence):
    named = [argument.format(folder=project.parent) for argument in arguments]
    overwrite = ["--overwrite"] if named else []
    assert _render(monkeypatch, project, *named, *overwrite) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_a_project_in_which_nothing_is_heard_is_refused(project, tmp_path, monkeypatch, capsys):
    text = project.read_text(encoding="utf-8").replace("muted: false", "muted: true")
    silent = project.with_name("silent.yaml")
    silent.write_text(text, encoding="utf-8")
    assert _render(monkeypatch, silent, "--hand-over", tmp_path / "taken") == 2
    assert "No layer is heard" in capsys.readouterr().err
    assert not (tmp_path / "taken").exists()
