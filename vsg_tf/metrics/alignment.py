"""Alignment in time: onsets and loudness of two sounds, each beside its own chance level.

Chance is what the same sound reaches when it is shifted circularly in time: many events, or steady
loudness, then raise the score and its chance alike, and only what is above chance is timing.
"""

from collections.abc import Callable

import numpy as np

from vsg_tf.extras import require
from vsg_tf.metrics.similarity import correlation

SHIFTS = 24  # circular shifts, evenly spaced, whose mean is the chance level
MOST_LAG = 0.2  # s


def onset_scores(truth: np.ndarray, found: np.ndarray, window: float) -> dict[str, float]:
    """Onsets matched one to one (mir_eval).

    Args:
        truth: onset times in s, any order.
        found: likewise.
        window: two onsets match if they are at most this many seconds apart.

    Returns:
        `f1`, `precision`, `recall`, 0..1. Nothing found gives 0. Without any true onset nothing can
        be told: NaN.

    Raises:
        MissingExtraError: mir_eval is not installed.
    """
    if len(truth) == 0:
        return dict.fromkeys(("f1", "precision", "recall"), float("nan"))
    if len(found) == 0:
        return dict.fromkeys(("f1", "precision", "recall"), 0.0)
    times = np.sort(np.asarray(truth, np.float64)), np.sort(np.asarray(found, np.float64))
    matching = require("mir_eval.onset", extra="eval")
    f1, precision, recall = matching.f_measure(*times, window=window)
    return {"f1": float(f1), "precision": float(precision), "recall": float(recall)}


def onset_chance(
    truth: np.ndarray, found: np.ndarray, window: float, duration: float
) -> dict[str, float]:
    """Mean `onset_scores` of the found onsets shifted circularly within `duration` s."""
    found = np.asarray(found, np.float64)
    shifts = (np.arange(SHIFTS) + 0.5) / SHIFTS * duration
    scores = [onset_scores(truth, (found + shift) % duration, window) for shift in shifts]
    return {name: float(np.mean([score[name] for score in scores])) for name in scores[0]}


def count_error(truth: np.ndarray, found: np.ndarray) -> int:
    """Onsets found less onsets there."""
    return len(found) - len(truth)


def _lagged(first: np.ndarray, second: np.ndarray, most: int) -> np.ndarray:
    """Correlations at lags -most..most; at lag k value i of `first` meets i - k of `second`."""
    count = min(len(first), len(second))
    first, second = first[:count], second[:count]
    most = max(0, min(most, count - 2))
    return np.array(
        [
            correlation(
                first[max(0, lag) : count + min(0, lag)], second[max(0, -lag) : count - max(0, lag)]
            )
            for lag in range(-most, most + 1)
        ]
    )


def envelope_correlation(
    made: np.ndarray, truth: np.ndarray, rate: float, most_lag: float = MOST_LAG
) -> dict[str, float]:
    """Correlation of two loudness curves.

    Args:
        made: `[frames]`, such as `audio.onsets.envelope_from_audio` gives.
        truth: likewise; the longer one is cut.
        rate: frames per second.
        most_lag: seconds within which the best lag is looked for.

    Returns:
        `r` at lag 0, `best` within the lags, both -1..1, and `lag` in s of the best, positive where
        `made` is late. A constant curve gives 0 everywhere. Without truth, constant, NaN.
    """
    if len(truth) == 0 or np.ptp(truth) == 0:
        return dict.fromkeys(("r", "best", "lag"), float("nan"))
    values = _lagged(made, truth, round(most_lag * rate))
    middle = len(values) // 2
    # Of equal correlations the one nearest to lag 0.
    order = np.lexsort((np.abs(np.arange(len(values)) - middle), -values.round(9)))
    best = int(order[0])
    return {
        "r": float(values[middle]),
        "best": float(values[best]),
        "lag": (best - middle) / rate,
    }


def envelope_chance(
    made: np.ndarray, truth: np.ndarray, rate: float, most_lag: float = MOST_LAG
) -> dict[str, float]:
    """Mean `r` and `best` of `envelope_correlation` with `made` shifted circularly."""
    count = min(len(made), len(truth))
    made, truth = np.asarray(made)[:count], np.asarray(truth)[:count]

    def score(shift: int) -> dict[str, float]:
        return envelope_correlation(np.roll(made, shift), truth, rate, most_lag)

    return _over_shifts(score, count, ("r", "best"))


def _over_shifts(
    score: Callable[[int], dict[str, float]], count: int, names: tuple[str, ...]
) -> dict[str, float]:
    shifts = np.round((np.arange(SHIFTS) + 0.5) / SHIFTS * count).astype(int)
    scores = [score(shift) for shift in shifts]
    return {name: float(np.mean([one[name] for one in scores])) for name in names}
