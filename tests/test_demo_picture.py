"""The demo's picture: mels, lines and triangles where they belong."""

import cv2
import numpy as np
import pytest

from vsg_tf.demo_picture import Panel, draw_panels

RED = np.array([50, 50, 230])  # blue, green, red


def _columns(image: np.ndarray, colour: np.ndarray) -> np.ndarray:
    return np.flatnonzero((np.abs(image.astype(int) - colour).max(axis=2) < 30).any(axis=0))


@pytest.mark.parametrize("count", [1, 3])
def test_panels_lie_under_one_another_and_marks_at_their_times(tmp_path, count):
    mel = np.zeros((400, 80), np.float32)
    mel[200:] = 0.9  # from 2 s on
    panel = Panel("A title", mel, 100.0, lines=[1.0], triangles=[3.0])
    draw_panels(tmp_path / "p.png", [panel] * count)
    image = cv2.imread(str(tmp_path / "p.png"))
    height, width = image.shape[:2]
    assert height == count * 325 and width == 1080
    first = image[: height // count]
    # A second is 250 pixels, and 0 s is at 60.
    assert np.median(_columns(first[40:280], RED)) == pytest.approx(60 + 750, abs=1)
    quiet, loud = first[60, 60 + 100], first[60, 60 + 900]
    assert loud[1] > 200 and quiet[1] < 60  # yellow, violet
    line = first[40:280, 60 + 250].mean(axis=0)
    assert (line > first[40:280, 60 + 240].mean(axis=0) + 50).all()


def test_a_mark_at_the_very_end_is_inside(tmp_path):
    panel = Panel("", np.full((10, 4), 0.5, np.float32), 10.0, lines=[1.0], triangles=[1.0, 9.0])
    draw_panels(tmp_path / "p.png", [panel])
    assert (tmp_path / "p.png").stat().st_size > 1000
