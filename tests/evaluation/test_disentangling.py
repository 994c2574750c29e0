from unittest import mock

import numpy as np
import pytest

from tests.media_writing import RATE
from vsg_tf.evaluation import disentangling, scenes
from vsg_tf.evaluation.disentangling import disentanglement_markdown, measure_disentanglement
from vsg_tf.evaluation.scenes import make_scene
from vsg_tf.metrics.background import noise_floor


@pytest.fixture(scope="module")
def short():
    """Drawing is what takes long: scenes of 3 s instead of 5."""
    with mock.patch.object(scenes, "SECONDS", 3.0):
        yield


@pytest.fixture(scope="module")
def scene(short, tmp_path_factory):
    return make_scene(3, tmp_path_factory.mktemp("scene"))


def test_scene_changes_one_factor_at_a_time(scene, tmp_path):
    truths = scene.truths
    assert set(truths) == {"base", "timing", "timbre", "background"}
    assert len({len(sound) for sound in truths.values()}) == 1
    assert noise_floor(truths["background"]) > noise_floor(truths["base"]) + 10
    assert all(path.stat().st_size for path in (*scene.videos.values(), *scene.references.values()))
    again = make_scene(3, tmp_path)
    for name, sound in truths.items():
        np.testing.assert_array_equal(sound, again.truths[name])
    assert scene.videos["timing"].read_bytes() == again.videos["timing"].read_bytes()


class Perfect:
    """Knows the scene: gives the truth of whichever factor was changed."""

    name, sample_rate, plays_background = "perfect", RATE, True

    def __init__(self, scene, confused=False):
        self.scene, self.confused = scene, confused

    def __call__(self, video, reference, *, seed=0, background=0.0):
        if background:
            return self.scene.truths["background"]
        if video == self.scene.videos["timing"]:
            return self.scene.truths["timbre" if self.confused else "timing"]
        changed = reference == self.scene.references["timbre"]
        return self.scene.truths["timbre" if changed else "base"]


def test_perfect_and_confused_systems(scene, monkeypatch):
    monkeypatch.setattr(disentangling, "make_scene", lambda seed, folder: scene)
    (table,) = measure_disentanglement(Perfect(scene), 1)
    np.testing.assert_allclose(np.diag(table), 1, atol=1e-6)
    assert np.abs(table[0, 1:]).max() < 0.4
    (table,) = measure_disentanglement(Perfect(scene, confused=True), 1)
    assert table[0, 1] == pytest.approx(1) and table[0, 0] < 0.7
    assert "| **timing** changes |" in disentanglement_markdown(table[None])


def test_without_a_control_the_background_is_unknown(scene, monkeypatch):
    monkeypatch.setattr(disentangling, "make_scene", lambda seed, folder: scene)
    system = Perfect(scene)
    system.plays_background = False
    tables = measure_disentanglement(system, 1)
    assert np.isnan(tables[0, 2]).all() and not np.isnan(tables[0, :2]).any()
    assert "| - | - | - |" in disentanglement_markdown(tables)
