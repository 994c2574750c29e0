"""A stem cut at its events, for renderers that make one sound and not one an event."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

_BEFORE = 0.020  # s before an event at which it is cut: an attack begins before its loudest moment
_FADE = 0.005  # s
_AUDIBLE_DB = -60.0  # below the loudest moment of an event; what follows is quieter than this
_WINDOWS = 1000  # of 10 ms, read at once
_SHORTEST_GAP = 0.25  # s; shorter silence stays part of its item


@dataclass(frozen=True)
class Cut:
    """A part of a stem; fades as in `description.Item`, lengths in samples."""

    start: int
    stop: int
    fade_in: int
    fade_out: int
    event: int


def cut_at_events(
    read: Callable[[int, int], np.ndarray], samples: int, times: np.ndarray, sample_rate: int
) -> Iterator[Cut]:
    """Parts whose faded sum is the stem from the first event on, but for silence.

    Args:
        read: gives the stem from a sample to another, `[samples, channels]`.
        samples: of the stem.
        times: of the events in s, ascending.
        sample_rate: Hz.

    Yields:
        One part an event; where two events are less than four samples apart, the earlier has none.
    """
    fade = round(_FADE * sample_rate)
    first = np.rint((np.asarray(times, np.float64) - _BEFORE) * sample_rate).astype(int)
    bounds = [*np.clip(first, 0, samples).tolist(), samples]
    fade_in = 0 if bounds[0] <= 0 else min(fade, bounds[0])
    start = bounds[0] - fade_in
    for event, (begin, stop) in enumerate(itertools.pairwise(bounds)):
        room = stop - begin
        if room < 4:
            if stop == samples:
                return
            continue  # the next one begins where this one would have
        fade_out = 0 if stop == samples else min(fade, room // 2)
        audible = _audible(read, start, stop, sample_rate)
        if start + audible < stop - round(_SHORTEST_GAP * sample_rate):
            end = min(stop, start + max(audible, fade_in) + fade)
            yield Cut(start, end, fade_in, min(fade, end - start - fade_in), event)
            fade_out = min(fade_out, fade)
        else:
            yield Cut(start, stop, fade_in, fade_out, event)
        start, fade_in = stop - fade_out, fade_out


def _audible(read, start: int, stop: int, sample_rate: int) -> int:
    """Samples after `start` until only silence follows, relative to the loudest moment."""
    window = max(1, sample_rate // 100)
    peaks = []
    for begin in range(start, stop, _WINDOWS * window):
        sound = np.abs(read(begin, min(stop, begin + _WINDOWS * window)))
        padded = np.zeros((-(-len(sound) // window) * window, sound.shape[1]), np.float32)
        padded[: len(sound)] = sound
        peaks.append(padded.reshape(-1, window * sound.shape[1]).max(axis=1))
    peaks = np.concatenate(peaks)
    loud = np.flatnonzero(peaks > max(peaks.max() * 10 ** (_AUDIBLE_DB / 20), 1e-7))
    return min(stop - start, (loud[-1] + 1) * window) if len(loud) else 0
