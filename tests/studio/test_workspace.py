"""Workspaces: sounds are made in the background, kept, and found again."""

import numpy as np
import pytest

from tests.studio.conftest import wait_until_ready
from vsg_tf.errors import InputError
from vsg_tf.studio.project import EventList, FileLink, Layer, load_project


def _with_events(project, **columns):
    layer = project.layers[0]
    values = layer.events.model_dump() | columns
    layer = layer.model_copy(update={"events": EventList(**values)})
    return project.model_copy(update={"layers": [layer, *project.layers[1:]]})


def test_a_layer_is_timed_by_the_guide_and_heard(workspace):
    state = wait_until_ready(workspace)
    (key,) = state["layers"]
    sound = state["sounds"][key]
    assert sound["state"] == "ready" and sound["samples"] == pytest.approx(3 * 22050, abs=2)
    np.testing.assert_allclose(sound["events"]["times"], [0.5, 1.4, 2.2], atol=0.01)
    waveform = workspace.sound(key).read(0, sound["samples"])
    for time in (0.5, 1.4, 2.2):
        at = round(time * 22050)
        assert (
            np.abs(waveform[at : at + 2000]).max()
            > 10 * np.abs(waveform[at - 4000 : at - 2000]).max()
        )


def test_an_edit_makes_a_new_sound_and_going_back_finds_the_old_one(workspace):
    first = wait_until_ready(workspace)
    before = workspace.project
    times = [0.5, 1.6, 2.2]
    workspace.replace(_with_events(before, times=times))
    second = wait_until_ready(workspace)
    assert first["layers"] != second["layers"]
    assert second["sounds"][second["layers"][0]]["events"]["times"][1] == 1.6
    workspace.replace(before)
    assert workspace.describe()["sounds"][first["layers"][0]]["state"] == "ready"
    assert workspace.revision == 3


def test_gain_pan_and_name_make_no_new_sound(workspace):
    first = wait_until_ready(workspace)
    layer = workspace.project.layers[0].model_copy(
        update={"gain_db": -6.0, "pan": 0.5, "name": "other", "muted": True}
    )
    workspace.replace(workspace.project.model_copy(update={"layers": [layer]}))
    assert workspace.describe()["layers"] == first["layers"]


def test_a_hundred_edits_end_in_the_last_one(workspace):
    wait_until_ready(workspace)
    for step in range(100):
        times = [0.5, 1.4 + step / 1000, 2.2]
        workspace.replace(_with_events(workspace.project, times=times))
    state = wait_until_ready(workspace)
    assert state["sounds"][state["layers"][0]]["events"]["times"][1] == pytest.approx(1.499)
    waiting = [s["state"] for s in state["sounds"].values()]
    assert set(waiting) == {"ready"}


def test_what_cannot_be_rendered_is_a_sentence(workspace, folder):
    wait_until_ready(workspace)
    (folder / "wood.wav").unlink()
    workspace.opened.voices._held.clear()
    workspace.replace(_with_events(workspace.project, times=[0.1, 1.0, 2.0]))
    state = wait_until_ready(workspace)
    sound = state["sounds"][state["layers"][0]]
    assert sound["state"] == "failed" and "wood.wav is missing" in sound["message"]


def test_the_clip_the_guide_and_references_can_be_heard(workspace):
    link = workspace.project.layers[0].references[0]
    for key, rate in (("original", None), ("guide", 22050), (link.sha256, 22050)):
        sound = workspace.sound(key)
        assert sound.samples > 1000 and rate in (None, sound.sample_rate)
    with pytest.raises(InputError, match="no such sound"):
        workspace.sound("nothing")


def test_another_clip_is_refused(workspace, folder):
    other = FileLink.to(folder / "guide.wav", folder)
    with pytest.raises(InputError, match="another clip"):
        workspace.replace(workspace.project.model_copy(update={"clip": other}))


def test_a_project_is_saved_and_goes_on(workspace, folder):
    with pytest.raises(InputError, match="under which name"):
        workspace.save()
    workspace.save(folder / "p.yaml")
    assert load_project(folder / "p.yaml") == workspace.project
    assert workspace.save() == folder / "p.yaml"


def test_a_second_layer_has_a_sound_of_its_own(workspace, folder):
    layer = Layer(
        name="metal",
        references=[FileLink.to(folder / "metal.wav", folder)],
        events=EventList(times=[1.0], strengths=[1.0]),
    )
    project = workspace.project
    workspace.replace(project.model_copy(update={"layers": [*project.layers, layer]}))
    state = wait_until_ready(workspace)
    assert len(set(state["layers"])) == 2
    assert state["sounds"][state["layers"][1]]["sample_rate"] == 44100
