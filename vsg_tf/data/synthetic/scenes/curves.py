"""Movement over time: what a body does before and after an event."""

import itertools

import numpy as np


def smooth_step(values: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, smooth between."""
    values = np.clip(values, 0, 1)
    return values * values * (3 - 2 * values)


def wander(rng: np.random.Generator, times: np.ndarray, pace: float, size: float) -> np.ndarray:
    """Random wandering about 0, `[frames]`: `pace` s of memory, standard deviation `size`."""
    if len(times) < 2:
        return np.zeros(len(times))
    keep = np.exp(-(times[1] - times[0]) / pace)
    steps = rng.normal(0, size * np.sqrt(1 - keep * keep), len(times))
    path = np.zeros(len(times))
    for i in range(1, len(times)):
        path[i] = keep * path[i - 1] + steps[i]
    return path


def responses(
    times: np.ndarray, onsets: np.ndarray, sizes: np.ndarray, decay: float, rise: float = 0.0
) -> np.ndarray:
    """Sum of decaying responses that begin at the onsets, `[frames]`; `decay` and `rise` in s."""
    since = times[:, None] - onsets[None]
    shape = np.exp(-np.maximum(since, 0) / decay)
    if rise > 0:
        shape = shape * (1 - np.exp(-np.maximum(since, 0) / rise))
    return (np.where(since >= 0, shape, 0.0) * sizes).sum(1)


def swing(
    times: np.ndarray,
    onsets: np.ndarray,
    sizes: np.ndarray,
    lift: float,
    fall: float,
    power: float,
    rebound: float,
) -> np.ndarray:
    """Height of a striking body, `[frames]`: raised slowly, falling fast, 0 at the onsets.

    Args:
        times: of the frames, s.
        onsets: of the impacts, s.
        sizes: height of each stroke.
        lift: s before an impact at which the body starts to rise.
        fall: s before an impact at which it starts to fall.
        power: shape of the fall; above 1 it gets faster towards the impact.
        rebound: height of the bounce after an impact, against the stroke.
    """
    height = np.zeros(len(times))
    previous = -10.0
    for onset, size in zip(onsets, sizes, strict=True):
        gap = onset - previous
        down = min(fall, 0.5 * gap)
        up = min(lift, 0.95 * gap)
        start = onset - up
        rising = (times >= start) & (times < onset - down)
        climb = size * smooth_step((times[rising] - start) / max(1e-3, (up - down) * 0.8))
        height[rising] = np.maximum(height[rising], climb)
        falling = (times >= onset - down) & (times < onset)
        height[falling] = size * (1 - ((times[falling] - onset + down) / down) ** power)
        after = (times >= onset) & (times < onset + 0.4)
        since = times[after] - onset
        bounce = rebound * size * np.abs(np.sin(since * 12)) * np.exp(-since / 0.12)
        height[after] = np.maximum(height[after], bounce)
        previous = onset
    return height


def arcs(
    times: np.ndarray, onsets: np.ndarray, end: float, longest: float, aloft: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Flights between contacts: progress 0..1 and the flight's length in s, each `[frames]`.

    A flight ends at every onset and at `end` and lasts `longest` s or less. Where the gap is
    longer the body waits at the top (progress 0.5) if `aloft`, else on the ground (0).
    """
    progress, length = np.zeros(len(times)), np.zeros(len(times))
    first_mark = onsets[0] - 2 * longest if len(onsets) else -1.0
    marks = [min(first_mark, -longest) if aloft else first_mark, *onsets, end]
    for first, second in itertools.pairwise(marks):
        flight = min(second - first, longest)
        inside = (times >= first) & (times < second)
        risen, left = (times[inside] - first) / flight, (second - times[inside]) / flight
        if aloft:
            progress[inside] = np.where(left < 0.5, 1 - left, np.minimum(risen, 0.5))
        else:
            progress[inside] = np.maximum(0, 1 - left)
        length[inside] = flight
    return progress, length
