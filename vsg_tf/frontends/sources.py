"""Where the pictures of a front end come from."""

import itertools
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from vsg_tf.frontends.front_end import FrontEnd, Pictures, PictureSource
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip

TimedPictures = Iterable[tuple[float, np.ndarray]]


def clip_source(
    clip: Clip, through: Callable[[TimedPictures], TimedPictures] = iter
) -> PictureSource:
    """All pictures of a clip, decoded anew whenever they are asked for.

    Args:
        clip: stays open as long as they are read.
        through: gives the decoded pictures on, such as one that tells how far they are.

    Raises (while its pictures are read):
        InputError: fewer than two pictures can be decoded.
    """
    return lambda wanted: at_rate(through(_frames(clip, wanted)), wanted.rate)


def _frames(clip: Clip, wanted: Pictures) -> Iterator[tuple[float, np.ndarray]]:
    width, height = wanted.width, wanted.height
    if not wanted.crop:
        yield from clip.frames(width, height, wanted.colour, wanted.scaling)
        return
    scale = max(width / clip.width, height / clip.height)
    whole = max(width, round(clip.width * scale)), max(height, round(clip.height * scale))
    left, top = (whole[0] - width) // 2, (whole[1] - height) // 2
    for time, picture in clip.frames(*whole, wanted.colour, wanted.scaling):
        yield time, np.ascontiguousarray(picture[top : top + height, left : left + width])


def extract_clip(front_end: FrontEnd, clip: Clip, timebase: TimeBase) -> np.ndarray:
    """Features `[feature_frames, width]` float32 of a clip, from its first picture to its end.

    Raises:
        InputError: fewer than two pictures can be decoded, or the front end cannot work.
    """
    return front_end.extract(clip_source(clip), timebase, clip.duration_s)


class ClipPieces:
    """Pictures of consecutive pieces of a clip, in memory for no more than one piece.

    Args:
        clip: stays open as long as pieces are read.
        period: the clip goes round after so many seconds; None: it does not.
    """

    def __init__(self, clip: Clip, period: float | None = None):
        self._clip = clip
        self._period = period
        self._opened: dict[Pictures, _Peekable] = {}

    def source(self, start: float, stop: float) -> PictureSource:
        """The pictures of one piece, with times from its start; pieces are asked for in order."""

        def pictures(wanted: Pictures) -> TimedPictures:
            if wanted not in self._opened:
                self._opened[wanted] = _Peekable(self._all(wanted))
            frames = self._opened[wanted]
            piece = ((time - start, picture) for time, picture in frames.until(start, stop))
            return at_rate(piece, wanted.rate)

        return pictures

    def _all(self, wanted: Pictures) -> Iterator[tuple[float, np.ndarray]]:
        for turn in itertools.count() if self._period else range(1):
            for time, picture in _frames(self._clip, wanted):
                yield time + turn * (self._period or 0.0), picture


class _Peekable:
    """Timed pictures of which the next can be looked at."""

    def __init__(self, frames: TimedPictures):
        self._frames = iter(frames)
        self._next = next(self._frames, None)

    def until(self, start: float, stop: float) -> Iterator[tuple[float, np.ndarray]]:
        """Pictures shown from `start` to before `stop`; earlier ones are passed over."""
        while self._next is not None and self._next[0] < stop:
            frame, self._next = self._next, next(self._frames, None)
            if frame[0] >= start:
                yield frame


def list_source(times: np.ndarray, pictures: np.ndarray) -> PictureSource:
    """Pictures `[frames, height, width(, 3)]` that are there already, of the size wanted."""

    def source(wanted: Pictures) -> TimedPictures:
        return at_rate(zip(times, pictures, strict=True), wanted.rate)

    return source


def at_rate(frames: TimedPictures, rate: float | None) -> Iterator[tuple[float, np.ndarray]]:
    """Pictures at a steady rate: some are left out, others come twice, none is blended.

    Picture k is the last one that had been shown half a step after `k / rate`, as FFmpeg's `fps`
    filter chooses it.

    Args:
        frames: `(time in s from 0, picture)`, ascending.
        rate: pictures a second; None: as they come.
    """
    if rate is None:
        yield from frames
        return
    number, shown, count, first, time = 0, None, 0, 0.0, 0.0
    for time, picture in frames:
        place = int(np.floor(time * rate + 0.5))
        if shown is None:
            first = time
        else:
            for earlier in range(number, place):
                yield earlier / rate, shown
        number, shown = max(number, place), picture
        count += 1
    if shown is not None:  # the last one is shown as long as pictures are on average
        end = time + (time - first) / max(1, count - 1)
        for later in range(number, max(1, int(np.floor(end * rate + 0.5)))):
            yield later / rate, shown
