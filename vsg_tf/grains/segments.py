"""A recording cut into the sounds that can be played from it."""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.audio.reading import Sound
from vsg_tf.grains.bands import spectral_distance, spectrum_of
from vsg_tf.grains.kinds import Kind, ReferenceKind, is_steady, kind_of
from vsg_tf.grains.levels import HOP, level_curve
from vsg_tf.timebase import TimeBase

FAINT_DB = -18.0  # sounds this far below the loudest are left out
OVER_DB = 62.0  # below its loudest moment a sound is over
SHORTEST = 0.03  # s
_FINE, _SMOOTH = 0.008, 0.03  # s over which levels are taken
_REGION_DB = 42.0  # below the loudest moment there is nothing between sounds
_STANDS_OUT_DB = 8.0  # so far a sound comes out of it, or it is part of a tail
_FLOOR_DB = 7.0  # above the quietest moments that begins
_LOW = 8.0  # percentile that stands for them
_JOIN = 0.04  # s of quiet that do not part two sounds
_SPACING = 0.13  # s between attacks that are two sounds'
_RISE_DB, _RISE = 9.0, 0.025  # a strike gets so much louder in so many s
_RECENT = 0.05  # s before it, in which it was nowhere as loud
_DIP_DB = 4.0  # even where the sound before rings on
_AS_LOUD_DB = 6.0  # a second strike is at most so much softer; what is softer is a tail's
_SILENCE = 0.1  # s
_AS_SHARP_DB = 8.0  # and at most so much duller
_PAUSE_DB, _PAUSE = 18.0, 0.06  # a dip so deep and long parts sounds, whatever they are
_LONGEST_GESTURE = 2.5  # s
# Parts of one gesture follow in so many s, and are so unlike, or so far apart in level (dB).
_GESTURES = ((0.25, 4.5, 6.0), (0.45, 6.0, 10.0))
_MAIN_DB = 6.0  # its attack is the first so little below its loudest part
_STIR_DB = 9.0  # what precedes and is so much softer is none of its parts
_PART_DB = -9.0  # of a part's attack, against the loudest of the whole
_TOLD = 0.15  # s after an attack by which parts are told apart
_MOST_LEAD = 0.3  # s before an attack that belong to a sound
_LEAST_LEAD = 0.012
_AFTER = 0.08  # s after an attack in which its peak lies


@dataclass(frozen=True)
class Segment:
    """One sound of a recording; times in s.

    Args:
        begin: where it can first be heard.
        attack: what is put where the event is.
        stop: where it has died away, or the next one begins.
        kind: how it goes on.
        cut: whether it is still heard at `stop`, because another sound follows or the recording
            ends.
        parts: attacks inside it, from each of which on it could be played.
    """

    begin: float
    attack: float
    stop: float
    kind: Kind
    cut: bool
    parts: tuple[float, ...] = ()


def find_segments(sound: Sound, kind: ReferenceKind, lasting: bool) -> list[Segment]:
    """The sounds of a recording.

    Args:
        sound: the recording without its background.
        kind: what it is said to be.
        lasting: whether it is one sound that lasts, see `lasts_throughout`.

    Returns:
        At least one segment, in order of time.
    """
    rate = sound.sample_rate
    fine = level_curve(sound.waveform, rate, _FINE)
    smooth = level_curve(sound.waveform, rate, _SMOOTH)
    if lasting:
        return [Segment(0.0, 0.0, len(sound.waveform) / rate, Kind.LASTING, True)]
    edges = level_curve(np.diff(sound.waveform, axis=0, append=0), rate, _FINE)
    times = _attacks(sound)
    begins = _beginnings(fine, smooth, edges, times, kind)
    begins = _gestures(begins, fine, sound)
    found = []
    for (region, start), following in itertools.zip_longest(begins, begins[1:]):
        limit = len(fine) if following is None else min(following[0], following[1] - 2)
        one = _segment(fine, smooth, region, start, limit, kind)
        found.append(replace(one, parts=_parts(fine, times, one)))
    loudest = max(_peak(fine, one) for one in found)
    return [one for one in found if _peak(fine, one) >= loudest + FAINT_DB]


def lasts_throughout(sound: Sound, kind: ReferenceKind) -> bool:
    """Whether a recording as it is, with its background, is one sound that lasts."""
    if kind is not ReferenceKind.AUTO:
        return kind is ReferenceKind.LASTING
    return is_steady(level_curve(sound.waveform, sound.sample_rate, _SMOOTH))


def _beginnings(
    fine: np.ndarray,
    smooth: np.ndarray,
    edges: np.ndarray,
    times: np.ndarray,
    kind: ReferenceKind,
) -> list[tuple[int, int]]:
    """Of each sound, where it can first be heard and where its attack is, as values of a level."""
    begins = []
    for first, last in _regions(smooth):
        steady = kind is ReferenceKind.AUTO and is_steady(smooth[first:last])
        starts = _starts(fine, smooth, edges, times, first, last, steady)
        begins += [(first if index == 0 else start, start) for index, start in enumerate(starts)]
    return begins


def _attacks(sound: Sound) -> np.ndarray:
    """Times in s of whatever begins in the recording."""
    base = TimeBase()
    # After some silence, so that what begins at once has an attack, too.
    mono = np.pad(sound.mono(base.sample_rate), (round(_SILENCE * base.sample_rate), 0))
    times = events_from_audio(mono, base)[0].astype(np.float64) - _SILENCE
    return np.unique(np.maximum(times, 0.0))


def _regions(smooth: np.ndarray) -> list[tuple[int, int]]:
    """Stretches that can be heard, as values of the level: first, and one after the last."""
    floor = np.percentile(smooth, _LOW)
    threshold = max(smooth.max() - _REGION_DB, min(floor + _FLOOR_DB, smooth.max() - 12.0))
    heard = np.concatenate([[False], smooth > threshold, [False]])
    edges = np.flatnonzero(np.diff(heard.astype(int)))
    regions: list[tuple[int, int]] = []
    for first, last in edges.reshape(-1, 2):
        if regions and (first - regions[-1][1]) * HOP < _JOIN:
            regions[-1] = (regions[-1][0], int(last))
        else:
            regions.append((int(first), int(last)))
    least = min(threshold + _STANDS_OUT_DB, smooth.max())
    return [one for one in regions if smooth[one[0] : one[1]].max() >= least]


def _starts(
    fine: np.ndarray,
    smooth: np.ndarray,
    edges: np.ndarray,
    times: np.ndarray,
    first: int,
    last: int,
    steady: bool,
) -> list[int]:
    """Where sounds of a region begin, as values of the level.

    Args:
        fine, smooth: level over 8 and over 30 ms.
        edges: level of what changes from sample to sample: strikes show in it under what rings.
        times: s, of whatever begins in the recording.
        first, last: of the region.
        steady: whether it is one sound.
    """
    inside = np.round(times / HOP).astype(int)
    inside = inside[(inside >= first - 2) & (inside < last)]
    if steady or len(inside) == 0:
        return [_first_attack(fine, first, last)]
    starts = [int(inside[0])]
    for start in inside[1:]:
        before = fine[starts[-1] : start]
        after = fine[start : start + round(_AFTER / HOP)].max()
        loudest = int(before.argmax())
        recent = slice(max(starts[-1] + 1, start - round(_RECENT / HOP)), max(start, 1))
        sharp = edges[start : start + round(_RISE / HOP)].max()
        rose, dip = sharp - _highest(edges[recent]), after - _highest(fine[recent])
        struck = rose >= _RISE_DB and dip >= _DIP_DB
        struck &= after >= before[loudest] - _AS_LOUD_DB
        struck &= sharp >= edges[starts[-1] : start].max() - _AS_SHARP_DB
        low = smooth[starts[-1] + loudest : start] < min(before[loudest], after) - _PAUSE_DB
        parted = _longest_run(low) * HOP >= _PAUSE
        if (start - starts[-1]) * HOP >= _SPACING and (struck or parted):
            starts.append(int(start))
    return starts


def _gestures(
    begins: list[tuple[int, int]], fine: np.ndarray, sound: Sound
) -> list[tuple[int, int]]:
    """Join what follows quickly, and is unlike what was before it, or of another level.

    Such are the parts of a snarl or a creak, stones that fall after each other, a latch and its
    door, an echo. Quick strikes that are alike are takes.
    """
    if len(begins) < 2:
        return begins
    rate = sound.sample_rate
    ends = [start for _, start in begins[1:]] + [len(fine)]
    spectra, peaks = [], []
    for (_, start), end in zip(begins, ends, strict=True):
        stop = min(end, start + round(_TOLD / HOP))
        part = sound.waveform[round(start * HOP * rate) : round(stop * HOP * rate) + 1]
        spectra.append(spectrum_of(part, rate))
        peaks.append(fine[start : max(stop, start + 1)].max())
    groups = [[0]]
    for index in range(1, len(begins)):
        group = groups[-1]
        loudest = max(group, key=lambda part: peaks[part])
        after = (begins[index][1] - begins[index - 1][1]) * HOP
        unlike = spectral_distance(spectra[index], spectra[loudest])
        apart = abs(peaks[index] - peaks[loudest])
        short = (ends[index] - begins[group[0]][1]) * HOP < _LONGEST_GESTURE
        one = any(after < s and (unlike > d or apart > level) for s, d, level in _GESTURES)
        if short and one:
            group.append(index)
        else:
            groups.append([index])
    return [_gesture(begins, peaks, group) for group in groups]


def _gesture(
    begins: list[tuple[int, int]], peaks: list[float], group: list[int]
) -> tuple[int, int]:
    """Where a gesture is first heard, and its attack: of the first loud part, if it comes soon.

    What is much softer and comes long before is none of it: a clock's faint stir half a second
    before its tick is not what an event stands for.
    """
    loudest = max(peaks[part] for part in group)
    loud = next(part for part in group if peaks[part] > loudest - _STIR_DB)
    earliest = begins[loud][1] - _MOST_LEAD / HOP
    group = [part for part in group if part >= loud or begins[part][0] >= earliest]
    first, attack = begins[group[0]]
    main = begins[next(part for part in group if peaks[part] > loudest - _MAIN_DB)][1]
    return first, main if (main - first) * HOP <= _MOST_LEAD else attack


def _longest_run(mask: np.ndarray) -> int:
    """How many neighbouring values are true at most."""
    edges = np.flatnonzero(np.diff(np.pad(mask.astype(int), 1))).reshape(-1, 2)
    return int((edges[:, 1] - edges[:, 0]).max()) if len(edges) else 0


def _highest(level: np.ndarray) -> float:
    return float(level.max()) if len(level) else -np.inf


def _first_attack(fine: np.ndarray, first: int, last: int) -> int:
    """Where the level first comes within 12 dB of the first loud moment."""
    part = fine[first:last]
    near = np.flatnonzero(part >= part.max() - 12.0)
    return first + int(near[0])


def _segment(
    fine: np.ndarray,
    smooth: np.ndarray,
    first: int,
    start: int,
    limit: int,
    kind: ReferenceKind,
) -> Segment:
    """The sound whose attack is at `start`, and which is first heard at `first`."""
    limit = max(limit, start + round(SHORTEST / HOP))
    limit = min(limit, len(fine))
    start = min(start, limit - 1)
    peak = start + int(fine[start:limit].argmax())
    over = smooth[peak:limit] < fine[peak] - OVER_DB
    stop = peak + int(np.flatnonzero(over)[0]) if over.any() else limit
    lead = np.clip((start - first) * HOP + _LEAST_LEAD, _LEAST_LEAD, _MOST_LEAD)
    if kind is ReferenceKind.SINGLE:
        what = Kind.SINGLE
    else:
        edges = int(start <= 4) + int(limit >= len(fine) - 4)
        what = kind_of(smooth[start : max(stop, start + 2)], edges)
    cut = bool(smooth[min(stop, len(smooth) - 1)] > fine[peak] - 40.0)
    return Segment(max(0.0, start * HOP - lead), start * HOP, stop * HOP, what, cut)


def _parts(fine: np.ndarray, times: np.ndarray, segment: Segment) -> tuple[float, ...]:
    """Attacks inside a segment that are loud enough to begin with."""
    found: list[float] = []
    loudest = _peak(fine, segment)
    for time in times:
        first = round(time / HOP)
        after = fine[first : first + round(_AFTER / HOP)]
        near = time < segment.attack + _SPACING or time > segment.stop - _SPACING
        if not near and len(after) and after.max() > loudest + _PART_DB:
            if not found or time - found[-1] >= _SPACING:
                found.append(float(time))
    return tuple(found)


def _peak(fine: np.ndarray, segment: Segment) -> float:
    first = round(segment.attack / HOP)
    return float(fine[first : max(first + 1, round(segment.stop / HOP))].max())
