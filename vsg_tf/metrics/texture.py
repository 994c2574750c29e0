"""Texture: how much a spectrum changes from frame to frame where it is loud."""

import numpy as np

LOUD_DB = 20.0  # frames within this of the loudest are loud
LEAST_DB = -80.0  # levels below are not told apart


def texture(levels: np.ndarray) -> float:
    """Mean absolute change of mel levels between neighbouring loud frames, dB.

    Args:
        levels: `[frames, M]` in dB.

    Returns:
        0 where no two neighbouring frames are loud, or nothing changes.
    """
    levels = np.asarray(levels, np.float64)
    power = (10 ** (levels / 10)).sum(axis=1)
    loud = power > power.max(initial=0.0) * 10 ** (-LOUD_DB / 10)
    both = loud[1:] & loud[:-1]
    if not both.any():
        return 0.0
    return float(np.abs(np.diff(np.maximum(levels, LEAST_DB), axis=0))[both].mean())


def relative_texture(made: np.ndarray, reference: np.ndarray) -> float:
    """`texture` of `made` as a multiple of the reference's: below 1 is smoother than it.

    NaN where the reference has none.
    """
    scale = texture(reference)
    return texture(made) / scale if scale > 0 else float("nan")
