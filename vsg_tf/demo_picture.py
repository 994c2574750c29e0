"""Mels under one another as a PNG, drawn with OpenCV, which every install has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

LOUDEST = 0.9  # of a mel; brighter is cut off
_WIDTH, _HEIGHT = 1000, 240  # pixels of one mel
_LEFT, _RIGHT, _ABOVE, _BELOW = 60, 20, 40, 45
_PAPER, _INK, _RED, _WHITE = (255, 255, 255), (40, 40, 40), (50, 50, 230), (255, 255, 255)  # BGR
_FONT, _THIN = cv2.FONT_HERSHEY_SIMPLEX, cv2.LINE_AA
_DASH, _TRIANGLE = 8, 9  # pixels


@dataclass(frozen=True)
class Panel:
    """One mel and what is marked in it.

    Args:
        title: ASCII.
        mel: `[frames, n_mels]` in 0..1.
        mel_rate: frames per second.
        lines: s at which a dashed line goes through all bands.
        triangles: s under which a red triangle points up.
    """

    title: str
    mel: np.ndarray
    mel_rate: float
    lines: Sequence[float] = field(default=())
    triangles: Sequence[float] = field(default=())


def draw_panels(path: Path, panels: Sequence[Panel]) -> None:
    """Write the panels as a PNG, one under the other, each on its own axis of time."""
    image = cv2.vconcat([_draw(panel) for panel in panels])
    # Encoded here, because OpenCV chooses the format by a name and takes no name that is not ASCII
    # everywhere.
    path.write_bytes(cv2.imencode(".png", image)[1].tobytes())


def _draw(panel: Panel) -> np.ndarray:
    seconds = len(panel.mel) / panel.mel_rate
    shape = (_ABOVE + _HEIGHT + _BELOW, _LEFT + _WIDTH + _RIGHT, 3)
    image = np.full(shape, _PAPER, np.uint8)
    grey = np.round(255 * np.clip(panel.mel.T[::-1] / LOUDEST, 0, 1)).astype(np.uint8)
    grey = cv2.resize(grey, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
    colours = cv2.applyColorMap(grey, cv2.COLORMAP_VIRIDIS)
    image[_ABOVE : _ABOVE + _HEIGHT, _LEFT : _LEFT + _WIDTH] = colours

    def column(time: float) -> int:
        return _LEFT + min(_WIDTH - 1, round(time / seconds * _WIDTH))

    bottom = _ABOVE + _HEIGHT
    for time in panel.lines:
        for top in range(_ABOVE, bottom, 2 * _DASH):
            cv2.line(image, (column(time), top), (column(time), top + _DASH - 1), _WHITE, 1)
    for time in panel.triangles:
        x, y = column(time), bottom - 2
        corners = [(x - _TRIANGLE, y), (x + _TRIANGLE, y), (x, y - 2 * _TRIANGLE)]
        cv2.fillPoly(image, [np.array(corners, np.int32)], _RED, _THIN)
    cv2.rectangle(image, (_LEFT - 1, _ABOVE - 1), (_LEFT + _WIDTH, bottom), _INK, 1)
    _write(image, panel.title, (_LEFT, _ABOVE - 14), 0.6)
    _write(image, "mel", (10, _ABOVE + _HEIGHT // 2 - 8), 0.5)
    _write(image, "band", (10, _ABOVE + _HEIGHT // 2 + 12), 0.5)
    for second in range(int(seconds) + 1):
        x = column(second)
        cv2.line(image, (x, bottom), (x, bottom + 5), _INK, 1)
        unit = " s" if second == 0 else ""
        _write(image, f"{second}{unit}", (x - 5, bottom + 22), 0.5)
    return image


def _write(image: np.ndarray, text: str, place: tuple[int, int], size: float) -> None:
    cv2.putText(image, text, place, _FONT, size, _INK, 1, _THIN)
