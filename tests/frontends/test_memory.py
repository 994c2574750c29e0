"""Features of the clips seen last are made once, as long as their files stay the same."""

import os

import numpy as np
import pytest

from tests.media_writing import write_video
from vsg_tf.config import parse_config
from vsg_tf.frontends import memory
from vsg_tf.frontends.memory import remembered
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip

GRID = TimeBase()
MOTION = parse_config({"video": {"front_end": "motion"}}).video.visual


@pytest.fixture
def clip(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_memory", type(memory._memory)())
    write_video(tmp_path / "v.mp4", sound=False)
    with Clip.open(tmp_path / "v.mp4") as clip:
        yield clip


def test_features_are_made_once_a_file_and_grid(clip):
    made = []

    def make():
        made.append(1)
        return np.full((3, 2), len(made), np.float32)

    first = remembered(MOTION, clip, GRID, make)
    assert remembered(MOTION, clip, GRID, make) is first and len(made) == 1
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
    assert remembered(MOTION, clip, TimeBase(44100), make)[0, 0] == 2
    other = parse_config({"video": {"front_ends": ["motion", "regnet"]}}).video.visual
    assert remembered(other, clip, GRID, make)[0, 0] == 3
    os.utime(clip.path, ns=(1, 1))
    assert remembered(MOTION, clip, GRID, make)[0, 0] == 4
    assert remembered(MOTION, clip, GRID, make)[0, 0] == 4


def test_memory_is_bounded(clip, monkeypatch):
    for rate in range(1, 20):
        remembered(MOTION, clip, TimeBase(rate * 1000), lambda: np.zeros((10, 2)))
    assert len(memory._memory) == memory.KEPT
    monkeypatch.setattr(memory, "_MOST_VALUES", 15)
    remembered(MOTION, clip, GRID, lambda: np.zeros((10, 2)))
    assert len(memory._memory) == 1
