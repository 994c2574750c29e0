"""Which take is played for which event."""

from collections.abc import Sequence

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.events import STRENGTH_RANGE_DB, EventTrack
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.takes import Take, distances_of, strongest

# Costs. One unit is half of the whole range of strengths.
_STRENGTH, _LENGTH, _CUT, _UNLIKE, _BRIGHT = 2.0, 0.8, 0.8, 8.0, 8.0
_AGAIN = 20.0  # the same take as just before
_LIKE, _LIKE_DB = 2.5, 3.0  # one like it
_USED, _FORGETTING = 0.5, 0.75  # of the cost with each event
_CHANCE = 0.4  # drawn
_SHORT = 0.5  # of a take's length: a shorter event may be played with a part of it
_PART, _NEVER = 0.3, 1000.0
_EVEN = 0.05  # strengths that spread less are all alike
MOST_UP_DB, MOST_DOWN_DB = 18.0, 40.0


def choose(
    takes: Sequence[Take],
    events: EventTrack,
    lengths: np.ndarray,
    sample_rate: int,
    brightness: np.ndarray | None,
    seed: int,
) -> np.ndarray:
    """Choose a take for each event that names none.

    Args:
        takes: to choose from.
        events: to be played.
        lengths: s for which each should sound, `[events]`; NaN: that does not matter.
        sample_rate: of the takes.
        brightness: wanted rank of each event's brightness, `[events]` 0..1; None: any.
        seed: of chance.

    Returns:
        Index into `takes`, `[events]` int. Never the same twice running where there is another
        that is not unlike the rest.

    Raises:
        InputError: an event names a take that there is not.
    """
    wrong = (events.takes > len(takes)) | (events.takes < 1)
    if wrong.any():
        raise InputError(
            f"The list asks for take {events.takes[wrong][0]:g}, but the reference has "
            f"{len(takes)}; --explain lists them."
        )
    fixed = _fixed_costs(takes, events, lengths, sample_rate, brightness)
    distances = distances_of(takes)
    recent = np.zeros(len(takes))
    last = -1
    chosen = np.zeros(len(events), int)
    for index in range(len(events)):
        if np.isnan(events.takes[index]):
            cost = fixed[index] + recent
            cost += _CHANCE * np.random.default_rng([seed, index, 7]).uniform(size=len(takes))
            if last >= 0:
                cost += _LIKE * np.exp(-distances[last] / _LIKE_DB)
                cost[last] += _AGAIN
            chosen[index] = int(np.argmin(cost))
        else:
            chosen[index] = int(events.takes[index]) - 1
        last = chosen[index]
        recent = _FORGETTING * recent + _USED * np.exp(-distances[last] / _LIKE_DB)
    return chosen


def _fixed_costs(takes, events, lengths, sample_rate, brightness) -> np.ndarray:
    """What speaks against each take for each event, `[events, takes]`."""
    bright = np.log2([take.brightness for take in takes])
    cost = np.array([_UNLIKE * take.unlike + _CUT * take.cut for take in takes])[None]
    strengths = ranks_of(events.strengths) if len(events) > 1 else events.strengths
    if len(events) == 1 or np.ptp(events.strengths) > _EVEN:
        ranks = ranks_of([take.force for take in takes])
        cost = cost + _STRENGTH * np.abs(ranks[None] - strengths[:, None])
    cost = cost + _part_costs(takes, lengths, sample_rate)
    seconds = np.array([(take.stop - take.attack) / sample_rate for take in takes])
    single = np.array([take.kind is Kind.SINGLE for take in takes])
    ratio = np.log(seconds[None] / np.maximum(lengths[:, None], 0.03))
    misfit = np.where(ratio < 0, -ratio * np.where(single, 1.0, 0.5), 0.5 * ratio)
    cost = cost + _LENGTH * np.minimum(np.nan_to_num(misfit), 2.0)
    if brightness is not None and len(takes) > 1:
        cost = cost + _BRIGHT * np.abs(ranks_of(bright)[None] - brightness[:, None])
    return np.broadcast_to(cost, (len(events), len(takes)))


def _part_costs(takes, lengths, sample_rate) -> np.ndarray:
    """A part is for events that are too short for its take: `[events, takes]`."""
    whole = [takes[take.part_of if take.part_of >= 0 else i] for i, take in enumerate(takes)]
    seconds = np.array([(take.stop - take.attack) / sample_rate for take in whole])
    short = np.nan_to_num(lengths, nan=np.inf)[:, None] < _SHORT * seconds[None]
    is_part = np.array([take.part_of >= 0 for take in takes])[None]
    return np.where(is_part, np.where(short, _PART, _NEVER), 0.0)


def event_gains(
    takes: Sequence[Take], events: EventTrack, chosen: np.ndarray, dynamics: float
) -> np.ndarray:
    """Gain in dB that brings each chosen take to its event's strength, `[events]`.

    No take is brought above the peak of the strongest one.
    """
    top = strongest(takes)
    levels = np.array([take.level for take in takes])
    peaks = 20 * np.log10(np.maximum([take.peak for take in takes], 1e-9))
    wanted = top.level + (events.strengths - 1) * STRENGTH_RANGE_DB * dynamics
    gains = np.clip(wanted - levels[chosen], -MOST_DOWN_DB, MOST_UP_DB)
    return np.minimum(gains, 20 * np.log10(max(top.peak, 1e-9)) - peaks[chosen])


def ranks_of(values: np.ndarray) -> np.ndarray:
    """Rank of each value in 0..1; equal values share their mean rank, a single one has 1."""
    values = np.asarray(values)
    if len(values) < 2 or np.ptp(values) == 0:
        return np.ones(len(values))
    below = (values[None] < values[:, None]).sum(axis=1)
    equal = (values[None] == values[:, None]).sum(axis=1) - 1
    return (below + equal / 2) / (len(values) - 1)
