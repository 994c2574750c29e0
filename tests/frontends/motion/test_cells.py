"""What is measured between two pictures, on motions that are known."""

import itertools

import cv2
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from vsg_tf.frontends.motion.cells import MotionMeter
from vsg_tf.frontends.motion.layout import CELL_QUANTITIES, CELLS, GLOBAL_QUANTITIES, ROW

STEP = 0.04


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    """A smooth random texture, larger than a picture, grey float."""
    noise = gaussian_filter(np.random.default_rng(0).normal(size=(104, 136)), 2)
    return 110 + 200 * noise


def _crop(scene, x, y) -> np.ndarray:
    return scene[20 - y : 84 - y, 20 - x : 116 - x].clip(0, 255).astype(np.uint8)


def _measure(*pictures) -> tuple[dict, dict]:
    """Cell quantities `[16]` and global ones by name, at the last of the pictures."""
    meter = MotionMeter()
    for before, after in itertools.pairwise(pictures):
        row = meter.measure(before, after, STEP, meter.flow(before, after))
    assert row.shape == (ROW,) and row.dtype == np.float32
    cells = row[: -len(GLOBAL_QUANTITIES)].reshape(CELLS, -1)
    return (
        dict(zip(CELL_QUANTITIES, cells.T, strict=True)),
        dict(zip(GLOBAL_QUANTITIES, row[-len(GLOBAL_QUANTITIES) :], strict=True)),
    )


def test_a_moving_camera_is_not_a_moving_object(scene):
    cells, whole = _measure(_crop(scene, 0, 0), _crop(scene, 2, -1))
    assert whole["camera_x"] == pytest.approx(2 / 96 / STEP, rel=0.1)
    assert whole["camera_y"] == pytest.approx(-1 / 96 / STEP, rel=0.1)
    assert cells["raw_speed"].mean() == pytest.approx(np.hypot(2, 1) / 96 / STEP, rel=0.1)
    assert np.median(cells["speed"]) < 0.1 * whole["camera_speed"]


def test_an_object_moves_in_its_own_cells(scene):
    pictures = [_crop(scene, 0, 0) for _ in range(3)]
    moved = _crop(scene, 3, 0)
    for picture in pictures[2:]:
        picture[:32, :24] = moved[:32, :24]  # cells 0 and 4
    cells, whole = _measure(*pictures)
    others = np.setdiff1d(np.arange(CELLS), [0, 4])
    for name in ("difference", "raw_speed", "speed", "top_speed", "acceleration", "speed_change"):
        assert cells[name][[0, 4]].min() > 2 * cells[name][others].max(), name
    assert cells["velocity_x"][0] > 0.3
    assert whole["camera_speed"] < 0.05
    assert whole["top_acceleration"] == pytest.approx(cells["acceleration"][[0, 4]].mean())


def test_a_flash_is_brightening_and_saturation(scene):
    dark, flash = _crop(scene, 0, 0) // 2, _crop(scene, 0, 0) // 2
    flash[48:, 72:] = 255  # cell 15
    cells, whole = _measure(dark, flash)
    for name in ("brightening", "flash", "saturation", "luma"):
        assert cells[name].argmax() == 15, name
    assert cells["saturation"][15] == 1 and cells["saturation"][:15].max() == 0
    assert whole["brightening"] > 0 and whole["cut"] == 0


def test_a_change_of_scene_is_marked(scene):
    assert _measure(_crop(scene, 0, 0) // 4, 255 - _crop(scene, 0, 0) // 4)[1]["cut"] == 1


def test_expansion_and_rotation(scene):
    rows, columns = np.mgrid[:64, :96].astype(np.float32)

    def warp(du, dv):
        grey = _crop(scene, 0, 0)
        return cv2.remap(grey, columns - du, rows - dv, cv2.INTER_LINEAR)

    x, y = columns - 48, rows - 32
    base = warp(0 * x, 0 * y)
    grown, _ = _measure(base, warp(0.05 * x, 0.05 * y))
    turned, _ = _measure(base, warp(-0.05 * y, 0.05 * x))
    inner = [5, 6, 9, 10]
    assert grown["divergence"][inner].mean() > 3 * abs(grown["curl"][inner].mean())
    assert turned["curl"][inner].mean() > 3 * abs(turned["divergence"][inner].mean())
