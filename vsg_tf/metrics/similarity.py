"""Likeness of two vectors, defined for constant and empty ones too."""

import numpy as np

_FLAT = 1e-9


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    """Cosine of the angle between `[n]` vectors, -1..1; 0 where either is all zeros."""
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    norms = np.linalg.norm(first) * np.linalg.norm(second)
    return float(np.clip(first @ second / norms, -1, 1)) if norms > 0 else 0.0


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson correlation of `[n]` vectors, -1..1; 0 where either is constant."""
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if len(first) < 2 or first.std() < _FLAT or second.std() < _FLAT:
        return 0.0
    return cosine(first - first.mean(), second - second.mean())
