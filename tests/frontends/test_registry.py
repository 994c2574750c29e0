"""Which front ends there are, and that nobody else compares their names."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vsg_tf
from vsg_tf.config import config_to_yaml, data_hash, load_config, parse_config
from vsg_tf.errors import ConfigError
from vsg_tf.frontends import registry
from vsg_tf.frontends.front_end import FrontEnd, FrontEndSettings, Pictures
from vsg_tf.inference.runtimes.onnx_interface import graph_interfaces

PACKAGE = Path(vsg_tf.__file__).parent


class LevelSettings(FrontEndSettings):
    gain: float = 1.0


class Level(FrontEnd):
    """Mean grey level of each picture."""

    name = "level"
    Settings = LevelSettings
    width = 1
    pictures = Pictures(8, 8, "gray", 10.0)

    def extract_pictures(self, frames, timebase, duration_s=None):
        times, levels = zip(*((time, picture.mean()) for time, picture in frames), strict=True)
        wanted = timebase.feature_times(timebase.feature_frames_for(duration_s))
        level = np.interp(wanted, times, levels) * self.settings.gain
        return level[:, None].astype(np.float32)


@pytest.fixture
def level(monkeypatch):
    monkeypatch.setattr(registry, "_registered", {})
    registry.register(Level)
    yield Level
    registry._build.cache_clear()


def test_names_are_compared_nowhere_and_layouts_typed_once():
    patterns = {
        "a comparison of front ends": r"video\.front_ends?\b *(==|!=|\bin\b|\bnot in\b)",
        "a name of a front end in code": r"(==|!=) *['\"](motion|onnx|keras_hub)['\"]",
        "the width of motion features": r"\b282\b",
        "the width of REGNET features": r"(feature_width|features|shape)\D{0,12}\b2048\b",
        "the layout of motion features": r"\b16 x 17\b|\b16, 17\b|\b17, 10\b",
        "the pictures of motion features": r"\b96, *64\b|\b64, *96\b|\b96 x 64\b",
    }
    found = []
    for path in PACKAGE.rglob("*.py"):
        if PACKAGE / "frontends" in path.parents:
            continue
        text = path.read_text(encoding="utf-8")
        found += [f"{what}: {path}" for what, regex in patterns.items() if re.search(regex, text)]
    assert not found


def test_descriptions_are_light():
    script = (
        "import sys\n"
        "from vsg_tf.config import parse_config\n"
        "from vsg_tf.frontends import registry\n"
        "for name in registry.BUILT_IN: registry.find_front_end(name)\n"
        "parse_config({'video': {'front_end': 'motion'}}).video.feature_width\n"
        "heavy = {'numpy', 'cv2', 'av', 'scipy', 'tensorflow', 'keras', 'onnxruntime'}\n"
        "print(sorted(heavy & set(sys.modules) - {'numpy'}))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("name", list(registry.BUILT_IN))
def test_every_front_end_says_what_it_is(name):
    kind = registry.find_front_end(name)
    assert kind.name == name and kind.version >= 1 and kind.__doc__
    assert all(field.default is not ... for field in kind.Settings.model_fields.values())


def test_a_front_end_of_another_package(level, tmp_path):
    values = {"video": {"front_end": "level", "settings": {"level": {"gain": 2}}}}
    config = parse_config(values)
    assert config.video.feature_width == 1
    assert config.video.visual is parse_config(values).video.visual
    assert config.video.visual.settings.gain == 2.0
    path = tmp_path / "c.yaml"
    path.write_text(config_to_yaml(config))
    assert load_config(path) == config
    assert load_config(path, ["video.settings.level.gain=3"]).video.visual.settings.gain == 3.0
    with pytest.raises(ConfigError, match=r"'video\.settings'.*level\.gain: .*number"):
        parse_config({"video": {"front_end": "level", "settings": {"level": {"gain": "much"}}}})
    with pytest.raises(ConfigError, match="built-in front end"):
        registry.register(type("Other", (Level,), {"name": "motion"}))


def test_settings_and_versions_are_part_of_the_data(level, monkeypatch):
    def digest(**settings):
        video = {"front_end": "level", "settings": {"level": settings}}
        return data_hash(parse_config({"video": video}))

    first = digest()
    assert digest(gain=1.0) == first != digest(gain=2.0)
    monkeypatch.setattr(Level, "version", 2)
    assert digest() != first


def test_joined_front_ends(level):
    config = parse_config({"video": {"front_ends": ["motion", "level"]}})
    visual = config.video.visual
    motion, alone = visual.parts()
    assert visual.name == "motion + level" and visual.width == motion.width + 1
    assert visual.cells.width == visual.width and visual.cells.cells == motion.cells.cells
    assert not visual.synthetic and visual.augments
    assert [part["name"] for part in visual.description()] == ["motion", "level"]
    asked = []

    def source(wanted):
        asked.append(wanted)
        rng = np.random.default_rng(0)
        shape = (wanted.height, wanted.width)
        return [(k / 25, rng.integers(0, 255, shape, np.uint8)) for k in range(50)]

    features = visual.extract(source, config.timebase, 2.0)
    assert asked == [motion.pictures, alone.pictures]
    np.testing.assert_array_equal(features[:, :-1], motion.extract(source, config.timebase, 2.0))
    np.testing.assert_array_equal(features[:, -1:], alone.extract(source, config.timebase, 2.0))


def test_joined_front_ends_vary_part_by_part(level):
    import tensorflow as tf

    visual = parse_config({"video": {"front_ends": ["motion", "level"]}}).video.visual
    varied = visual.augment(tf.ones([20, visual.width]), tf.constant([1, 2])).numpy()
    assert np.all(varied[:, -1] == 1) and varied[:, :-1].std() > 0.05


def test_what_can_be_exported(level):
    alone = parse_config({"video": {"front_end": "motion"}}).video
    joined = parse_config({"video": {"front_ends": ["motion", "level"]}})
    assert alone.visual.graph(joined.timebase) is not None
    assert joined.video.visual.graph(joined.timebase) is None
    ports = graph_interfaces(joined, vocoder=False)["decode"].inputs
    assert ports[0].shape[-1] == joined.video.feature_width == alone.feature_width + 1
    assert "motion + level" in ports[0].meaning
