"""A clip's clock: when each picture is shown, from packets alone wherever they say so."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.media.packets import NO_TIME, PacketTable

# Formats that store no presentation times: what FFmpeg tells is guessed.
_WITHOUT_PTS = frozenset({"avi", "h264", "hevc", "vvc", "m4v", "mpegvideo", "vc1", "obu", "dirac"})
_REORDERING = frozenset(
    {"h264", "hevc", "vvc", "mpeg4", "mpeg1video", "mpeg2video", "vc1", "wmv3", "h263", "rv40"}
)
_RESTART = Fraction(1, 2)  # s; decoding times that step back by more are another recording's


@dataclass(frozen=True)
class PictureClock:
    """Times of the pictures of a stream.

    Args:
        unit: seconds in a tick.
        first: index of the packet from which on decoding gives pictures.
        pts: `[packets]` int64 ticks, presentation times.
        dts: `[packets]` int64 ticks, decoding times: ascending, none after its `pts`.
        shown: `[packets]` bool: its picture is seen.
        hidden: `[packets]` bool: its picture is not seen, but others need it.
        start: tick at which the first picture is shown.
        end: tick at which the last picture ends.
        duration: `[packets]` int64 ticks from each picture to the next one shown.
    """

    unit: Fraction
    first: int
    pts: np.ndarray
    dts: np.ndarray
    shown: np.ndarray
    hidden: np.ndarray
    start: int
    end: int
    duration: np.ndarray

    @property
    def start_s(self) -> Fraction:
        """When the first picture is shown, on the file's own clock."""
        return self.start * self.unit

    @property
    def duration_s(self) -> float:
        """From the first picture's appearance to the last one's end."""
        return float((self.end - self.start) * self.unit)

    def seconds(self, tick: int) -> float:
        """Time since the first picture."""
        return float((tick - self.start) * self.unit)


def first_decodable(table: PacketTable) -> int:
    """Index of the first packet that needs none before it; 0 where none says so."""
    return int(np.argmax(table.key)) if table.key.any() else 0


def tells_times(form: str) -> bool:
    """Whether files of a format store presentation times, as far as they are given."""
    return form not in _WITHOUT_PTS


def needs_order(table: PacketTable, form: str, codec: str) -> bool:
    """Whether decoding alone tells in which order the pictures are shown."""
    if tells_times(form):
        return bool((table.pts == NO_TIME).any())
    return codec in _REORDERING


def check_restarts(path: str | os.PathLike, table: PacketTable) -> None:
    """Refuse recordings that were joined without being given one clock.

    Raises:
        InputError: the clock starts again somewhere.
    """
    dts = table.dts[table.dts != NO_TIME]
    back = np.flatnonzero(np.diff(dts) < -float(_RESTART / table.unit))
    if len(back):
        after = float((dts[back[0]] - dts[0]) * table.unit)
        raise InputError(
            f"The clock of {path} starts again after {after:.1f} s, as in recordings that were "
            f"joined; give it one clock first: ffmpeg -i {path} -c copy joined.mkv"
        )


def ordered_times(
    table: PacketTable, displayed: Sequence[int], step: Fraction, trusted: bool
) -> np.ndarray:
    """Presentation times `[packets]` where the file does not give (all of) them.

    Args:
        table: its decoding times tell when pictures come, not which.
        displayed: indices of packets in the order in which their pictures are shown.
        step: usual ticks between pictures, for files without any times.
        trusted: whether those presentation times that are there were stored, not guessed.
    """
    dts = _filled(table.dts, step)
    known = (table.pts != NO_TIME) & trusted
    pts = np.where(known, table.pts, dts)
    shown = np.asarray(displayed, np.int64)
    if known[shown].all() and (np.diff(pts[shown]) > 0).all():
        return pts
    times = np.sort(dts[shown])
    if known[shown].any():
        times = times + round(float(np.median((pts[shown] - times)[known[shown]])))
    else:  # no picture is shown before it can have been decoded
        times = times + max(0, int((dts[shown] - times).max()))
    pts[shown] = times
    return pts


def _filled(dts: np.ndarray, step: Fraction) -> np.ndarray:
    """Decoding times with those that are missing a step after, or before, their neighbours."""
    dts = dts.copy()
    known = np.flatnonzero(dts != NO_TIME)
    if not len(known):
        return np.round(np.arange(len(dts)) * float(step)).astype(np.int64)
    index = np.arange(len(dts))
    near = known[np.clip(np.searchsorted(known, index, side="right") - 1, 0, None)]
    filled = dts[near] + np.round((index - near) * float(step)).astype(np.int64)
    return np.where(dts == NO_TIME, filled, dts)


def make_clock(
    table: PacketTable, pts: np.ndarray, first: int, start: int, step: Fraction
) -> PictureClock:
    """The clock of a stream.

    Args:
        table: its packets.
        pts: `[packets]` presentation times.
        first: packet at which decoding began.
        start: presentation time of the first picture that was decoded.
        step: usual ticks between pictures, for streams of few pictures.
    """
    index = np.arange(len(table))
    shown = (index >= first) & ~table.hidden & (pts >= start)
    order = np.flatnonzero(shown)[np.argsort(pts[shown], kind="stable")]
    steps = np.diff(pts[order])
    usual = int(np.median(steps)) if len(steps) and np.median(steps) > 0 else max(1, round(step))
    last = int(table.duration[order[-1]])
    # A packet's duration follows coding order: it is its picture's own where that order is kept.
    # Writers that do not know how long the last picture is to be seen give it next to nothing.
    reordered = (np.diff(order) < 0).any()
    last = usual if reordered or last < usual / 2 else last
    duration = np.full(len(table), usual, np.int64)
    duration[order] = np.append(steps, last)
    end = int(pts[order[-1]]) + last
    dts = _decoding_times(table.dts, pts, first)
    hidden = (index >= first) & table.hidden
    return PictureClock(table.unit, first, pts, dts, shown, hidden, start, end, duration)


def _decoding_times(dts: np.ndarray, pts: np.ndarray, first: int) -> np.ndarray:
    """Decoding times as they are, or made anew of `pts` if they are incomplete or contradictory."""
    own, shown = dts[first:], pts[first:]
    if not (own == NO_TIME).any() and (np.diff(own) > 0).all() and (own <= shown).all():
        return dts
    index = np.arange(len(shown))
    made = np.maximum.accumulate(np.sort(shown) - index) + index
    made -= max(0, int((made - shown).max()))
    return np.concatenate([dts[:first], made])
