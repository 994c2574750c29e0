"""Visual features without a pretrained network: optical flow measured in 4 x 4 cells.

Beyond the paper. About 20 times faster than real time on one core; what is held at once is the
features, about 2 kB a feature frame (80 MB for 30 minutes while they are normalised).
`vsg_tf.frontends.motion.cells` measures, this module brings the measures to the feature grid,
`vsg_tf.frontends.motion.normalisation` normalises them over the clip.
"""

import os
from collections.abc import Generator, Iterable

import cv2
import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.frontends.motion.cells import CELL_PEAKS, GLOBAL_PEAKS, MotionMeter
from vsg_tf.frontends.motion.layout import CELLS, HEIGHT, ROW, WIDTH
from vsg_tf.frontends.motion.normalisation import normalise
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip
from vsg_tf.video.read_ahead import read_ahead

# Summed difference (0.15 grey levels a pixel) below which a frame repeats the last one.
SAME = 0.15 * WIDTH * HEIGHT
LONGEST_REPEAT = 0.09  # s; a longer stillness is real
GAP = 0.15  # s without a frame: nothing moved until just before the next one
STILL_STEP = 0.1  # s from a gap's ends to the still pictures put into it
_BLOCK = 1024  # feature frames resampled at a time
PEAKS = np.concatenate([np.tile(CELL_PEAKS, CELLS), GLOBAL_PEAKS])


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
            InputError: as `vsg_tf.video.clip.Clip.open`.
        """
        with Clip.open(path) as clip:
            return self.extract_frames(clip.frames(WIDTH, HEIGHT), clip.duration_s)

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
        threads = cv2.getNumThreads()
        cv2.setNumThreads(1)  # several threads sum in varying order
        try:
            return normalise(self._resample(_measure(frames, duration_s)))
        finally:
            cv2.setNumThreads(threads)

    def _resample(self, measures: Generator[tuple[float, np.ndarray], None, float]) -> list:
        """Bring rows to the feature grid: blocks `[up to 1024, 234]`, made as the rows come."""
        times, rows, blocks = [], [], []
        done, count = 0, None
        while count is None or done < count:
            last = done + _BLOCK if count is None else min(done + _BLOCK, count)
            *_, needed = self._wanted(done, last)
            while count is None and (len(times) < 2 or times[-1] < needed):
                try:
                    time, row = next(measures)
                except StopIteration as stop:
                    count = self.timebase.feature_frames_for(stop.value)
                    break
                times.append(time)
                rows.append(row)
            last = last if count is None else min(last, count)
            blocks.append(self._interpolate(np.array(times), rows, done, last))
            done = last
            # The next block begins between two of the rows that are left.
            past = min(np.searchsorted(times, needed) - 1, len(times) - 2)
            del times[: max(0, past)], rows[: max(0, past)]
        return blocks

    def _wanted(self, first: int, last: int) -> np.ndarray:
        sub = self.timebase.mel_per_feature
        return self.timebase.mel_times((last - first) * sub, first * sub)

    def _interpolate(self, times: np.ndarray, rows: list, first: int, last: int) -> np.ndarray:
        """Feature frames by the values of `rows` at their mel frames."""
        wanted = self._wanted(first, last)
        right = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
        gap = times[right] - times[right - 1]
        weight = np.clip((wanted - times[right - 1]) / gap, 0, 1).astype(np.float32)[:, None]
        rows = np.stack(rows)
        fine = rows[right - 1] * (1 - weight) + rows[right] * weight
        fine = fine.reshape(last - first, self.timebase.mel_per_feature, -1)
        return np.where(PEAKS, fine.max(1), fine.mean(1))


def _measure(frames: Iterable[tuple[float, np.ndarray]], end: float | None):
    """Yield `(time, row [234])`; return the end of the last picture in s.

    Pictures are decoded and their flow is found in a thread of its own, half of the work.
    """
    meter = MotionMeter()
    pairs = _Pairs(frames, end)
    measured = 0
    for (time, before, after, step), flow in read_ahead(_with_flow(pairs, meter)):
        row = meter.measure(before, after, step, flow)
        if not measured:  # nothing precedes the first picture: it gets the second one's measures
            yield pairs.first, row
        yield time, row
        measured += 1
    if pairs.seen < 2:
        raise InputError("The video has fewer than two readable frames; give a longer video.")
    if not measured:  # two pictures that are one
        yield pairs.first, np.zeros(ROW, np.float32)
        yield pairs.last + STILL_STEP, np.zeros(ROW, np.float32)
    return end or pairs.last + (pairs.last - pairs.first) / (pairs.seen - 1)


def _with_flow(pairs: Iterable[tuple], meter: MotionMeter):
    for pair in pairs:
        yield pair, meter.flow(pair[1], pair[2])


class _Pairs:
    """Pictures that differ from the one kept before: time, that one, the picture, the step in s.

    `first`, `last` and `seen` say when the pictures so far came and how many they were.
    """

    def __init__(self, frames: Iterable[tuple[float, np.ndarray]], end: float | None):
        self._frames = _without_gaps(frames, end)
        self.first = self.last = None
        self.seen = 0

    def __iter__(self):
        kept_time, kept = 0.0, None
        for time, picture in self._frames:
            self.seen += 1
            self.last = time
            step = time - kept_time
            if kept is None:
                self.first = time
            elif step <= 1e-3 or (step <= LONGEST_REPEAT and _same(picture, kept)):
                continue
            else:
                yield time, kept, picture, step
            kept_time, kept = time, picture


def _same(picture: np.ndarray, other: np.ndarray) -> bool:
    return cv2.norm(picture, other, cv2.NORM_L1) < SAME


def _without_gaps(frames, end):
    """Put still pictures into gaps, so that motion is not spread over them."""
    previous = None
    for time, picture in frames:
        if previous is not None and time - previous[0] > GAP:
            yield previous[0] + STILL_STEP, previous[1]
            if time - STILL_STEP > previous[0] + STILL_STEP:
                yield time - STILL_STEP, previous[1]
        yield time, picture
        previous = time, picture
    if previous is not None and end is not None and end - previous[0] > GAP:
        yield previous[0] + STILL_STEP, previous[1]
