"""When things happen, and how loudly: random event times and levels."""

import numpy as np

MIN_GAP = 0.15  # s
_MARGIN = 0.2  # s before the first event; the picture is earlier than the sound by up to 0.12 s
_END = 0.1


def draw_times(
    rng: np.random.Generator, duration: float, min_gap: float = MIN_GAP, max_rate: float = 5.0
) -> np.ndarray:
    """Event times, `[events]` seconds, at least one: periodic, Poisson or in bursts.

    Args:
        rng: source of chance.
        duration: of the clip, s; more than 0.5.
        min_gap: least distance between events, s.
        max_rate: most events a second when periodic.
    """
    pattern = rng.choice(["periodic", "poisson", "bursts"], p=[0.35, 0.3, 0.35])
    end = duration - _END
    times = [rng.uniform(_MARGIN, min(1.5, duration / 2))]
    if pattern == "periodic":
        period = np.exp(-rng.uniform(np.log(0.5), np.log(max_rate)))
        jitter = period * rng.uniform(0, 0.12)
        while times[-1] < end:
            times.append(times[-1] + max(min_gap, period + rng.normal(0, jitter)))
    elif pattern == "poisson":
        rate = np.exp(rng.uniform(np.log(0.3), np.log(2.0)))
        while times[-1] < end:
            times.append(times[-1] + max(min_gap, rng.exponential(1 / rate)))
    else:
        gap = rng.uniform(min_gap, max(0.5, min_gap))
        while times[-1] < end:
            for _ in range(rng.integers(0, 6)):
                times.append(times[-1] + max(min_gap, gap * rng.uniform(0.8, 1.2)))
            times.append(times[-1] + rng.uniform(0.5, 2.5))
    times = np.array(times)
    return times[times < end]


def draw_strengths(rng: np.random.Generator, count: int) -> np.ndarray:
    """Strengths in 0.3..1 on the 30 dB scale, the loudest 1; in a third of the clips nearly equal.

    Args:
        rng: source of chance.
        count: events.
    """
    if not count:
        return np.zeros(0)
    spread = rng.uniform(0.02, 0.1) if rng.random() < 1 / 3 else rng.uniform(0.15, 0.7)
    strengths = rng.uniform(1 - spread, 1, count)
    return strengths + 1 - strengths.max()
