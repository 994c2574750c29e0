"""Which sound of the recording is played for which event."""

import numpy as np

from vsg_tf.events import STRENGTH_RANGE_DB, EventTrack
from vsg_tf.grains.segments import SHORTEST, Segment

# Weights: strength rank, logarithm of the length, repeats, attacks that are no event's.
_RANK, _LENGTH, _REPEAT, _INNER = 2.0, 1.0, 0.3, 2.0
_FORGETTING = 0.7  # of the penalty for a repeat, with each event
_LONGEST_FIT = 1.5  # s; longer is not asked for
MOST_UP_DB, MOST_DOWN_DB = 12.0, 24.0


def available_seconds(events: EventTrack, end: float) -> np.ndarray:
    """Seconds each event can sound: to its end, or to the next event, or the end of the clip."""
    following = np.append(events.times[1:], max(end, events.times.max(initial=0.0) + SHORTEST))
    return np.minimum(events.durations, following - events.times)


def match(events: EventTrack, wanted: np.ndarray, segments: list[Segment]) -> np.ndarray:
    """Choose a segment for each event: alike in rank of strength and in length, and not just used.

    Args:
        events: to be played.
        wanted: seconds each should sound, `[events]`.
        segments: to choose from.

    Returns:
        Index into `segments` for each event, `[events]` int.
    """
    levels = np.array([segment.level for segment in segments])
    lengths = np.array([segment.length for segment in segments])
    inner = np.array([segment.inner for segment in segments])
    ranks, event_ranks = _ranks(levels), _ranks(events.strengths)
    used = np.zeros(len(segments))
    chosen = np.zeros(len(events), int)
    for index, (rank, length) in enumerate(zip(event_ranks, wanted, strict=True)):
        fit = np.abs(np.log(lengths / np.clip(length, SHORTEST, _LONGEST_FIT)))
        cost = _RANK * np.abs(ranks - rank) + _LENGTH * fit + _REPEAT * used + _INNER * inner
        chosen[index] = int(np.argmin(cost))
        used *= _FORGETTING
        used[chosen[index]] += 1
    return chosen


def event_gains(events: EventTrack, chosen: np.ndarray, segments: list[Segment]) -> np.ndarray:
    """Gain in dB of each event: its strength against the level of what is played, `[events]`."""
    levels = np.array([segment.level for segment in segments])
    wanted = levels.max() + (events.strengths - 1) * STRENGTH_RANGE_DB
    return np.clip(wanted - levels[chosen], -MOST_DOWN_DB, MOST_UP_DB)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each value in 0..1; equal values share their mean rank, a single one has 1."""
    if len(values) < 2 or np.ptp(values) == 0:
        return np.ones(len(values))
    below = (values[None] < values[:, None]).sum(axis=1)
    equal = (values[None] == values[:, None]).sum(axis=1) - 1
    return (below + equal / 2) / (len(values) - 1)
