"""How far two arrays are apart."""

import numpy as np


def largest_difference(first: np.ndarray, second: np.ndarray) -> float:
    """Largest absolute difference of arrays of one shape; 0 for empty ones."""
    return float(np.abs(np.asarray(first) - np.asarray(second)).max(initial=0.0))


def relative_difference(found: np.ndarray, wanted: np.ndarray) -> float:
    """Norm of the difference relative to that of `wanted`; infinite where shapes differ."""
    if found.shape != wanted.shape:
        return float("inf")
    return float(np.linalg.norm(found - wanted) / max(np.linalg.norm(wanted), 1e-9))
