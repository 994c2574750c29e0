"""A recording cut into the single sounds that can be copied from it."""

import itertools
from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.grains.levels import window_level
from vsg_tf.timebase import TimeBase

LEVEL_SECONDS = 0.01
DIP_DB = 3.0  # two attacks are two sounds if it gets this much quieter between them
OVER_DB = 35.0  # below its loudest moment a sound is over
FAINT_DB = -15.0  # sounds this far below the loudest are left out
SHORTEST = 0.06  # s
INNER_SECONDS = 0.05  # attacks closer than this are one
_LEAD = 0.02  # s of silence put before, so that a sound that begins at once has an attack
# Measured on 60 recordings: rain, engines, waves and fire reach 4 to 17 dB; barks, ticks, cries and
# strikes 20 to 100.
SEPARATE_DB = 18.0  # between the 95th and the 10th percentile of the level
SHORTEST_TO_GO_ON = 2.5  # s


@dataclass(frozen=True)
class Segment:
    """One sound of a recording.

    Args:
        start: s, its attack.
        stop: s, where it is over or the next one begins.
        level: dB of its loudest 10 ms.
        inner: attacks after its first.
    """

    start: float
    stop: float
    level: float
    inner: int = 0

    @property
    def length(self) -> float:
        """Seconds."""
        return self.stop - self.start


def attacks(mono: np.ndarray, timebase: TimeBase) -> np.ndarray:
    """Times in s of all attacks; at least one, the loudest moment where none is found."""
    padded = np.pad(mono, (round(_LEAD * timebase.sample_rate), 0))
    times = events_from_audio(padded, timebase)[0] - _LEAD
    if len(times) == 0:
        times = np.array([np.argmax(np.abs(mono)) / timebase.sample_rate])
    return np.maximum(times.astype(np.float64), 0.0)


def find_segments(mono: np.ndarray, times: np.ndarray, sample_rate: int) -> list[Segment]:
    """The sounds between attacks.

    Args:
        mono: `[samples]`.
        times: s, `attacks` of it.
        sample_rate: samples per second.

    Returns:
        At least one segment, in order of time.
    """
    window = round(LEVEL_SECONDS * sample_rate)
    level = window_level(mono[:, None], window)
    at = np.clip((times / LEVEL_SECONDS).astype(int), 0, len(level) - 1)
    at, index = np.unique(at, return_index=True)
    bounds = [*_separate(level, at), len(level)]
    found = [_segment(level, at, times[index], a, b) for a, b in itertools.pairwise(bounds)]
    loudest = max(segment.level for segment in found)
    audible = [one for one in found if one.level >= loudest + FAINT_DB]
    return [one for one in audible if one.length >= SHORTEST] or [
        max(audible, key=lambda one: one.length)
    ]


def are_separate(waveform: np.ndarray, sample_rate: int) -> bool:
    """Whether a recording `[samples, channels]` is of single sounds, not of one that goes on.

    Single sounds leave it quiet in between; recordings too short to go on with are single sounds.
    """
    if len(waveform) < SHORTEST_TO_GO_ON * sample_rate:
        return True
    level = window_level(waveform, round(LEVEL_SECONDS * sample_rate))
    loud, quiet = np.percentile(level, [95, 10])
    return bool(loud - quiet >= SEPARATE_DB)


def _separate(level: np.ndarray, at: np.ndarray) -> list[int]:
    """Attacks that are preceded by a dip; the others belong to the sound before."""
    kept = [int(at[0])]
    for index, start in enumerate(at[1:], start=1):
        stop = at[index + 1] if index + 1 < len(at) else len(level)
        before, after = level[kept[-1] : start], level[start:stop]
        loudest = int(before.argmax())
        dip = before[loudest:].min() if len(before) else after.max()
        if min(before.max(), after.max()) - min(dip, after[0]) >= DIP_DB:
            kept.append(int(start))
    return kept


def _segment(
    level: np.ndarray, at: np.ndarray, times: np.ndarray, first: int, last: int
) -> Segment:
    """The sound between two bounds, from the attack that leads to its loudest moment on."""
    last = max(last, first + 1)
    loudest = first + int(level[first:last].argmax())
    leading = int(np.flatnonzero(at <= loudest)[-1])
    rest = level[loudest:last]
    over = np.flatnonzero(rest < rest[0] - OVER_DB)
    stop = max(loudest + (int(over[0]) if len(over) else len(rest)), at[leading] + 1)
    start, stop = float(times[leading]), stop * LEVEL_SECONDS
    inner = int(np.sum((times > start + INNER_SECONDS) & (times < stop)))
    return Segment(start, stop, float(level[loudest]), inner)
