"""How sure a mean is, and whether two runs differ."""

from typing import NamedTuple

import numpy as np
from scipy import stats

RESAMPLES = 2000
CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A mean, its 95 % confidence interval, and how many values it is of."""

    mean: float
    low: float
    high: float
    count: int


def _known(values: np.ndarray) -> np.ndarray:
    values = np.asarray(values, np.float64)
    return values[~np.isnan(values)]


def bootstrap_mean(values: np.ndarray, seed: int = 0) -> Estimate:
    """Mean of `[n]` values with a percentile bootstrap interval over them; NaN are left out.

    One value has no interval (its ends are NaN), no value no mean.
    """
    values = _known(values)
    if len(values) == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    if len(values) == 1:
        return Estimate(float(values[0]), np.nan, np.nan, 1)
    rng = np.random.default_rng(seed)
    means = rng.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return Estimate(float(values.mean()), float(low), float(high), len(values))


def t_mean(values: np.ndarray) -> Estimate:
    """Mean of `[n]` values with the interval of Student's t distribution; NaN are left out."""
    values = _known(values)
    if len(values) < 2:
        mean = float(values.mean()) if len(values) else np.nan
        return Estimate(mean, np.nan, np.nan, len(values))
    error = values.std(ddof=1) / np.sqrt(len(values))
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1) * error)
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half, len(values))


class Comparison(NamedTuple):
    """Second less first on the same clips: bootstrap estimate, and p of Wilcoxon's test."""

    difference: Estimate
    p: float


def compare_paired(first: np.ndarray, second: np.ndarray, seed: int = 0) -> Comparison:
    """Compare `[n]` values measured on the same clips; pairs with a NaN are left out.

    p is that of the two-sided Wilcoxon signed-rank test: 1 where nothing differs, NaN below two
    pairs.
    """
    difference = _known(np.asarray(second, np.float64) - np.asarray(first, np.float64))
    if len(difference) < 2:
        p = np.nan
    elif not difference.any():
        p = 1.0
    else:
        p = float(stats.wilcoxon(difference).pvalue)
    return Comparison(bootstrap_mean(difference, seed), p)
