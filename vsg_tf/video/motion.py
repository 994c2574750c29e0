"""Visual features without a pretrained network: optical flow measured in 4 x 4 cells.

Beyond the paper. About 20 times faster than real time on one core; memory grows by about 1 kB a
frame. `vsg_tf.video.cells` measures, this module brings the measures to the feature grid and
normalises them over the clip.
"""

import os
from collections.abc import Iterable

import cv2
import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.timebase import TimeBase
from vsg_tf.video.cells import (
    CELL_PEAKS,
    CELL_QUANTITIES,
    CELLS,
    GLOBAL_PEAKS,
    GLOBAL_QUANTITIES,
    HEIGHT,
    ROW,
    WIDTH,
    MotionMeter,
)
from vsg_tf.video.decoding import iterate_frames, probe_video

# Quantities that are given a second time, normalised within their own cell.
REPEATED = tuple(CELL_QUANTITIES.index(name) for name in ("difference", "speed", "acceleration"))
CELL_CHANNELS = len(CELL_QUANTITIES) + len(REPEATED)
FEATURE_WIDTH = CELLS * CELL_CHANNELS + len(GLOBAL_QUANTITIES)

# Summed difference (0.15 grey levels a pixel) below which a frame repeats the last one.
_SAME = 0.15 * WIDTH * HEIGHT
_LONGEST_REPEAT = 0.09  # s; a longer stillness is real
_GAP = 0.15  # s without a frame: nothing moved until just before the next one
_STILL_STEP = 0.1  # s from a gap's ends to the still pictures put into it
_BLOCK = 1024  # feature frames resampled at a time
# Below these values the logarithm that compresses each quantity is nearly linear.
_CELL_SCALES = np.array(
    [0.02, 0.01, 0.05, 0.02, 0.02, 0.05, 0.02, 0.02, 0.05, 0.03, 0.02, 0.2, 0.05, 0.05], np.float32
)
_GLOBAL_SCALES = np.array([0.02, 0.02, 0.02, 0.02, 0.2, 0.01, 0.05, 0.1, 0.05, 0.5], np.float32)
_SCALES = np.concatenate([np.tile(_CELL_SCALES, CELLS), _GLOBAL_SCALES])
_PEAKS = np.concatenate([np.tile(CELL_PEAKS, CELLS), GLOBAL_PEAKS])
# Added to standard deviations, so that noise in a still clip is not blown up.
_CLIP_FLOOR, _CELL_FLOOR, _GLOBAL_FLOOR = 0.05, 0.15, 0.1


class MotionFrontEnd:
    """Turns pictures into features of width 282.

    Args:
        timebase: the grids.
    """

    def __init__(self, timebase: TimeBase):
        self.timebase = timebase

    def extract(self, path: str | os.PathLike) -> np.ndarray:
        """Features `[feature_frames, 282]` float32 of a video file.

        Raises:
            InputError: as `vsg_tf.video.decoding.iterate_frames`.
        """
        duration = probe_video(path).duration_s
        return self.extract_frames(iterate_frames(path, WIDTH, HEIGHT), duration)

    def extract_frames(
        self, frames: Iterable[tuple[float, np.ndarray]], duration_s: float | None = None
    ) -> np.ndarray:
        """Features of timed pictures.

        Args:
            frames: `(time in s from 0, ascending; grey uint8 [64, 96])`; consumed once.
            duration_s: how long the last picture's end is after time 0; None: the mean step
                after the last picture.

        Returns:
            `[timebase.feature_frames_for(duration), 282]` float32, about zero mean and unit
            deviation over the clip; cell c, channel j at `c * 17 + j`, then 10 global values.

        Raises:
            InputError: fewer than two pictures.
        """
        times, rows, end = _measure(frames, duration_s)
        count = self.timebase.feature_frames_for(end)
        return _normalise(self._resample(times, rows, count))

    def _resample(self, times: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
        """Bring rows at `times` to the feature grid by their values at its mel frames."""
        sub = self.timebase.mel_per_feature
        result = np.empty((count, rows.shape[1]), np.float32)
        for first in range(0, count, _BLOCK):
            last = min(first + _BLOCK, count)
            wanted = self.timebase.mel_times((last - first) * sub, first * sub)
            right = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
            gap = times[right] - times[right - 1]
            weight = np.clip((wanted - times[right - 1]) / gap, 0, 1).astype(np.float32)[:, None]
            fine = rows[right - 1] * (1 - weight) + rows[right] * weight
            fine = fine.reshape(last - first, sub, -1)
            result[first:last] = np.where(_PEAKS, fine.max(1), fine.mean(1))
        return result


def _measure(frames: Iterable[tuple[float, np.ndarray]], end: float | None):
    """Times `[n]`, rows `[n, 234]` and the end of the last picture in s."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # several threads sum in varying order
    try:
        return _measure_in_one_thread(frames, end)
    finally:
        cv2.setNumThreads(threads)


def _measure_in_one_thread(frames, end):
    meter = MotionMeter()
    times, rows = [], []
    first = last = None
    seen = 0
    for time, picture in _without_gaps(frames, end):
        seen += 1
        if first is None:
            first, last, kept_time, kept = time, time, time, picture
            continue
        last = time
        step = time - kept_time
        if step <= 1e-3 or (
            step <= _LONGEST_REPEAT and cv2.norm(picture, kept, cv2.NORM_L1) < _SAME
        ):
            continue
        rows.append(meter.measure(kept, picture, step))
        times.append(time)
        kept_time, kept = time, picture
    if seen < 2:
        raise InputError("The video has fewer than two readable frames; give a longer video.")
    if not rows:  # two pictures that are one
        rows, times = [np.zeros(ROW, np.float32)], [last + _STILL_STEP]
    # Nothing precedes the first picture: it gets the second one's measures.
    rows = np.stack([rows[0], *rows])
    return np.array([first, *times]), rows, end or last + (last - first) / (seen - 1)


def _without_gaps(frames, end):
    """Put still pictures into gaps, so that motion is not spread over them."""
    previous = None
    for time, picture in frames:
        if previous is not None and time - previous[0] > _GAP:
            yield previous[0] + _STILL_STEP, previous[1]
            if time - _STILL_STEP > previous[0] + _STILL_STEP:
                yield time - _STILL_STEP, previous[1]
        yield time, picture
        previous = time, picture
    if previous is not None and end is not None and end - previous[0] > _GAP:
        yield previous[0] + _STILL_STEP, previous[1]


def _normalise(rows: np.ndarray) -> np.ndarray:
    """Log-compress `[T, 234]` and normalise it over the clip to `[T, 282]`."""
    rows = np.sign(rows) * np.log1p(np.abs(rows) / _SCALES)
    cells = rows[:, : -len(GLOBAL_QUANTITIES)].reshape(len(rows), CELLS, -1)
    luma = CELL_QUANTITIES.index("luma")
    cells[:, :, luma] -= cells[:, :, luma].mean(0)
    channels = np.concatenate(
        [
            _standardise(cells, (0, 1), _CLIP_FLOOR),
            _standardise(cells[:, :, REPEATED], 0, _CELL_FLOOR),
        ],
        axis=2,
    )
    whole = _standardise(rows[:, -len(GLOBAL_QUANTITIES) :], 0, _GLOBAL_FLOOR)
    return np.concatenate([channels.reshape(len(rows), -1), whole], axis=1).astype(np.float32)


def _standardise(values: np.ndarray, axes, floor: float) -> np.ndarray:
    mean = values.mean(axes, keepdims=True)
    return (values - mean) / (values.std(axes, keepdims=True) + floor)
