"""What is measured between two frames: 14 quantities in each of 4 x 4 cells and 10 global ones.

Beyond the paper, whose features need a pretrained network. The choice of quantities was measured:
acceleration of the optical flow is the best single one.
"""

import cv2
import numpy as np

from vsg_tf.frontends.motion.layout import (
    CELL_QUANTITIES,
    CELLS,
    GLOBAL_QUANTITIES,
    GRID,
    HEIGHT,
    WIDTH,
)

# Quantities of which the largest value within a feature frame counts, instead of the mean.
CELL_PEAKS = np.isin(
    CELL_QUANTITIES,
    ["difference", "flash", "raw_speed", "speed", "top_speed", "acceleration", "saturation"],
)
GLOBAL_PEAKS = ~np.isin(GLOBAL_QUANTITIES, ["camera_x", "camera_y", "luma", "brightening"])

SHORTEST_STEP, LONGEST_STEP = 0.02, 0.15  # s between frames, as far as speeds are concerned
USUAL_STEP = 0.04  # s; differences of luma are given per step of this length
CUT = 0.18  # mean absolute difference that only a change of scene reaches
WHITE = 235  # grey level from which a pixel counts as saturated
_SOBEL = {"ddepth": cv2.CV_32F, "scale": 0.125}


class MotionMeter:
    """Measures each frame of one video against the frame before it."""

    def __init__(self):
        self._flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
        self._flow.setFinestScale(1)
        self._moving = None  # flow and speed of the last pair, camera motion removed
        self._camera = np.zeros(2, np.float32)

    def flow(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Optical flow `[64, 96, 2]` in pixels, which depends on nothing but the two pictures."""
        return self._flow.calc(before, after, None)

    def measure(
        self, before: np.ndarray, after: np.ndarray, step: float, flow: np.ndarray
    ) -> np.ndarray:
        """Quantities at frame `after`.

        Args:
            before, after: grey uint8 `[64, 96]`.
            step: seconds between them.
            flow: `flow(before, after)`.

        Returns:
            `[234]` float32: cell-major `c * 14 + quantity`, then the global ones. Speeds are in
            picture widths per second.
        """
        step = min(max(step, SHORTEST_STEP), LONGEST_STEP)
        flow = flow / np.float32(step * WIDTH)
        camera = np.median(flow.reshape(-1, 2)[::3], axis=0)
        moving = flow - camera
        speed = _norm(moving)
        if self._moving is None:
            self._moving, self._camera = (moving, speed), camera
        acceleration = _norm(moving - self._moving[0])
        change = (after.astype(np.float32) - before) / np.float32(255 * step / USUAL_STEP)
        difference = np.abs(change)
        x, y = np.ascontiguousarray(moving[..., 0]), np.ascontiguousarray(moving[..., 1])
        cell = np.stack(
            [
                _mean(difference),
                _mean(change),
                _loudest(np.maximum(change, 0), 0.05),
                _mean(_norm(flow)),
                _mean(speed),
                _loudest(speed, 0.1),
                _mean(x),
                _mean(y),
                _mean(cv2.Sobel(x, dx=1, dy=0, **_SOBEL) + cv2.Sobel(y, dx=0, dy=1, **_SOBEL)),
                _mean(acceleration),
                _mean(speed - self._moving[1]),
                _mean(after.astype(np.float32)) / 255,
                _mean((after > WHITE).astype(np.float32)),
                _mean(cv2.Sobel(y, dx=1, dy=0, **_SOBEL) - cv2.Sobel(x, dx=0, dy=1, **_SOBEL)),
            ],
            axis=1,
        )
        whole = [
            *camera,
            np.hypot(*camera),
            np.hypot(*(camera - self._camera)),
            cell[:, CELL_QUANTITIES.index("luma")].mean(),
            change.mean(),
            _top(speed.ravel(), 0.05),
            _top(difference.ravel(), 0.05),
            np.sort(cell[:, CELL_QUANTITIES.index("acceleration")])[-2:].mean(),
            float(difference.mean() > CUT),
        ]
        self._moving, self._camera = (moving, speed), camera
        return np.concatenate([cell.ravel(), np.asarray(whole, np.float32)])


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt(np.square(vectors[..., 0]) + np.square(vectors[..., 1]))


def _mean(picture: np.ndarray) -> np.ndarray:
    """Mean of each cell, `[16]`."""
    return cv2.resize(picture, (GRID, GRID), interpolation=cv2.INTER_AREA).ravel()


def _loudest(picture: np.ndarray, fraction: float) -> np.ndarray:
    """Mean over the largest `fraction` of the pixels of each cell, `[16]`."""
    tiles = picture.reshape(GRID, HEIGHT // GRID, GRID, WIDTH // GRID).transpose(0, 2, 1, 3)
    return _top(tiles.reshape(CELLS, -1), fraction)


def _top(values: np.ndarray, fraction: float) -> np.ndarray:
    """Mean over the largest `fraction` of the last axis."""
    count = max(1, int(values.shape[-1] * fraction))
    return np.partition(values, -count, axis=-1)[..., -count:].mean(-1)
