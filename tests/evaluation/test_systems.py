from pathlib import Path

import numpy as np
import pytest

from tests.media_writing import write_video
from vsg_tf.baselines.loading import ModelSystem
from vsg_tf.config import load_config
from vsg_tf.errors import InputError
from vsg_tf.evaluation import systems
from vsg_tf.evaluation.systems import load_one, load_systems, split_name
from vsg_tf.inference.renderers.names import RendererName

CONFIGS = Path(__file__).parents[2] / "configs"


def test_names_of_their_own():
    assert split_name("mine=runs/a/model") == ("mine", "runs/a/model")
    assert split_name("runs/a=b/model") == (None, "runs/a=b/model")
    assert list(load_systems(["silence", "quiet=silence"])) == ["silence", "quiet"]


def test_one_name_twice_and_unknown_names():
    with pytest.raises(InputError, match="Two systems are called 'silence'"):
        load_systems(["silence", "silence"])
    with pytest.raises(InputError, match="no system"):
        load_systems(["nothing-of-the-kind"])


def test_a_renderer_that_a_model_lacks_is_told_before_any_clip(monkeypatch):
    class Lacking:
        config, sample_rate = load_config(CONFIGS / "debug.yaml"), 22_050

        def check_renderer(self, renderer):
            raise InputError(f"no {renderer.value}")

    monkeypatch.setattr(systems, "load_system", lambda place: ModelSystem(place, Lacking()))
    with pytest.raises(InputError, match="no vocoder"):
        load_one("model@vocoder")


def test_a_renderer_is_chosen_and_its_rate_and_channels_do_not_matter(tmp_path, monkeypatch):
    class Model:
        config, sample_rate = load_config(CONFIGS / "debug.yaml"), 22_050

        def check_renderer(self, renderer):
            pass

        def __call__(self, video, reference, *, feature_files, options):
            assert options.renderer is RendererName.GRIFFIN_LIM and options.seed == 3
            assert feature_files is None and options.background == 0
            return np.full((44_100, 2), 0.25, np.float32), 44_100

    write_video(tmp_path / "clip.mp4", times=tuple(i / 25 for i in range(50)))
    monkeypatch.setattr(systems, "load_system", lambda place: ModelSystem(place, Model()))
    system = load_one("model@griffin-lim")
    made = system(tmp_path / "clip.mp4", None, seed=3)
    assert len(made) == 2 * system.sample_rate, "as long as the clip"
    assert made[10_000] == pytest.approx(0.25, abs=0.01) and not made[23_000:].any()
    assert system.name == "model@griffin-lim" and not system.reads_features


def test_an_untrained_system_has_no_renderer():
    with pytest.raises(InputError, match="has no renderer to choose"):
        load_one(f"silence@{RendererName.GRIFFIN_LIM.value}")
