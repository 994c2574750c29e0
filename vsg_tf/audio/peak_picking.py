"""Which moments of an onset strength are onsets.

Böck, Krebs, Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR 2012,
with the values and the rules of `librosa.onset.onset_detect`. librosa compiles its picker on first
use into a cache that processes share, and two that do so at once can damage it for good.
"""

import numpy as np

from vsg_tf.audio.filters import running_maximum

NEAR = 0.03  # s before an onset in which nothing is higher, and between onsets
AROUND = 0.10  # s to both sides over which the mean is taken
ABOVE = 0.07  # of the curve's range, above that mean


def pick_onsets(strength: np.ndarray, rate: float) -> np.ndarray:
    """Frames at which something begins.

    Args:
        strength: onset strength `[frames]`, any scale.
        rate: frames per second.

    Returns:
        `[onsets]` int, ascending; empty for a constant curve.
    """
    if len(strength) == 0 or np.ptp(strength) == 0:
        return np.zeros(0, int)
    curve = strength - strength.min()
    curve /= curve.max()
    near, around = int(NEAR * rate), int(AROUND * rate)
    highest = running_maximum(curve, before=near, after=0)
    sums = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    at = np.arange(len(curve))
    first, stop = np.maximum(0, at - around), np.minimum(len(curve), at + around + 1)
    mean = (sums[stop] - sums[first]) / (stop - first)
    found: list[int] = []
    for frame in np.flatnonzero((curve == highest) & (curve >= mean + ABOVE)):
        if not found or frame > found[-1] + near:
            found.append(int(frame))
    return np.array(found, int)
