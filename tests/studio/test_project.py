"""Projects: what is saved is read back, and what cannot be used is one sentence."""

import math
import shutil

import numpy as np
import pytest
import yaml

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.studio.project import (
    EventList,
    FileLink,
    Guide,
    Layer,
    Project,
    digest,
    find_files,
    load_project,
    save_project,
)


@pytest.fixture
def place(tmp_path):
    for name in ("clip.mp4", "steps 1.wav", "guide.wav"):
        (tmp_path / "sounds").mkdir(exist_ok=True)
        (tmp_path / "sounds" / name).write_bytes(name.encode())
    return tmp_path


def _project(place) -> Project:
    folder = place / "sounds"
    track = EventTrack(
        np.array([0.1, 1 / 3]), np.array([1.0, 0.25]), np.array([np.nan, 0.2]),
        takes=np.array([2.0, np.nan]),
    )  # fmt: skip
    return Project(
        clip=FileLink.to(folder / "clip.mp4", place),
        guide=Guide(file=FileLink.to(folder / "guide.wav", place), options={"sensitivity": 0.4}),
        layers=[
            Layer(
                name="Schritte é",
                references=[FileLink.to(folder / "steps 1.wav", place)],
                events=EventList.of(track),
                level="guide",
                options={"background": 0.5, "seed": 7},
                gain_db=-3.5,
                pan=0.25,
            )
        ],
        keep_original_db=-12.0,
    )


def test_what_is_saved_is_read_back(place):
    project = _project(place)
    save_project(place / "p.yaml", project)
    found = load_project(place / "p.yaml")
    assert found == project
    track = found.layers[0].events.track()
    assert track.times.tolist() == [0.1, 1 / 3]
    assert math.isnan(track.durations[0]) and track.takes[0] == 2 and math.isnan(track.takes[1])
    assert found.layers[0].render_options().background == 0.5
    save_project(place / "q.yaml", found)
    assert (place / "q.yaml").read_bytes() == (place / "p.yaml").read_bytes()


def test_a_project_moves_with_its_files(place, tmp_path_factory):
    save_project(place / "p.yaml", _project(place))
    moved = tmp_path_factory.mktemp("elsewhere") / "moved"
    shutil.copytree(place, moved)
    files = find_files(load_project(moved / "p.yaml"), moved)
    assert files["clip"] == moved / "sounds" / "clip.mp4"
    assert files["references"] == [[moved / "sounds" / "steps 1.wav"]]


def test_files_that_are_gone_or_others_are_noticed(place):
    project = _project(place)
    (place / "sounds" / "guide.wav").write_bytes(b"another")
    with pytest.raises(InputError, match=r"guide\.wav is another file"):
        find_files(project, place)
    (place / "sounds" / "clip.mp4").unlink()
    with pytest.raises(InputError, match=r"clip\.mp4 is missing; put it back"):
        find_files(project, place)


def test_a_digest_is_that_of_the_content(place):
    import hashlib

    path = place / "sounds" / "clip.mp4"
    assert digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(InputError, match="Cannot read"):
        digest(place / "nothing")


def _edited(place, change):
    save_project(place / "p.yaml", _project(place))
    values = yaml.safe_load((place / "p.yaml").read_text(encoding="utf-8"))
    change(values)
    (place / "p.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    return place / "p.yaml"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda p: p.update(version=99), "newer version"),
        (lambda p: p.pop("clip"), "names no clip"),
        (lambda p: p.update(colour="red"), "colour"),
        (lambda p: p["layers"][0].update(pan=3), "layers.0.pan"),
        (lambda p: p["layers"][0]["options"].update(loudly=1), "options"),
        (lambda p: p["layers"][0]["options"].update(background=7), "from 0 to 1"),
        (lambda p: p["layers"][0]["events"]["times"].append(3.0), "strengths has 2 values"),
        (lambda p: p["layers"][0]["events"].update(times=[-1.0, 2.0]), "0 or later"),
        (lambda p: p["layers"][0]["events"].update(durations=[0.0, 1.0]), "above 0"),
        (lambda p: p["clip"].update(sha256="../../etc"), "sha256"),
    ],
)
def test_bad_projects_are_one_sentence(place, change, sentence):
    with pytest.raises(InputError, match=sentence) as caught:
        load_project(_edited(place, change))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a list",
        b"\xff\xfe\x00",
        b"{[",
        b"!!python/object/apply:os.system [ls]",
        b"a: &a [*a]",
    ],
)
def test_what_is_no_project_is_one_sentence(tmp_path, content):
    (tmp_path / "p.yaml").write_bytes(content)
    with pytest.raises(InputError):
        load_project(tmp_path / "p.yaml")
    with pytest.raises(InputError, match="There is no project"):
        load_project(tmp_path / "none.yaml")
