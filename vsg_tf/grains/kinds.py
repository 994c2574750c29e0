"""Whether a sound dies away once it was struck, or lasts as long as it is driven, or both.

Told from the course of its level. Measured on the 40 recordings of `benchmarks/sound.py` that
settings are chosen on.
"""

from enum import Enum

import numpy as np

from vsg_tf.grains.levels import HOP, smooth_level

SHORTEST_LASTING = 1.2  # s
_NEAR_DB = 20.0  # below its loud moments
# Of its moments so many are no softer than that, and its median is so far below at most.
_STEADY = ((0.95, 13.0), (0.7, 10.0))
# A course that falls so far, and so evenly, is a decay; in more than 2 s, by so many dB a second
# more: what flies past gets softer, too.
_DECAY_DB, _DECAY_FIT, _DECAY_MORE, _DECAY_MOST = 9.0, 0.6, 2.5, 18.0
_STRUCK_SHARE, _STRUCK_DB = 0.15, 20.0  # if it is loudest so early, or falls so far
_LONG = (6.0, 3.0, 0.0)  # s from which it lasts that has two, one, or no ends of its own
_PLATEAU_DB, _PLATEAU_SHARE, _PLATEAU_SECONDS = 6.0, 0.45, 0.22
_SMOOTHING = 0.06  # s


class Kind(str, Enum):
    """How a segment of a recording goes on after its attack."""

    SINGLE = "single"  # dies away by itself
    LASTING = "lasting"  # lasts as long as its event
    MIXED = "mixed"  # has an end of its own, and can be held longer


class ReferenceKind(str, Enum):
    """What a recording is said to be."""

    AUTO = "auto"
    SINGLE = "single"
    LASTING = "lasting"


def is_steady(level: np.ndarray) -> bool:
    """Whether a stretch of a recording stays near one level, and not because it dies away slowly.

    Args:
        level: over about 30 ms, at every `HOP`, `[values]` dB.
    """
    if len(level) * HOP < SHORTEST_LASTING:
        return False
    loud = np.percentile(level, 95)
    near, median = np.mean(level > loud - _NEAR_DB), loud - np.median(level)
    steady = any(near >= share and median <= most for share, most in _STEADY)
    return bool(steady) and not _dies_away(level)


def kind_of(level: np.ndarray, edges: int) -> Kind:
    """The kind of one segment.

    Args:
        level: of it, over about 30 ms, at every `HOP`, `[values]` dB.
        edges: how many ends of it are the recording's own beginning or end.
    """
    if is_steady(level):
        return Kind.LASTING if len(level) * HOP >= _LONG[edges] else Kind.MIXED
    smooth = smooth_level(level, _SMOOTHING)
    loud = float(np.sum(smooth > smooth.max() - _PLATEAU_DB))
    near = float(np.sum(smooth > smooth.max() - _NEAR_DB))
    held = loud * HOP >= _PLATEAU_SECONDS and loud >= _PLATEAU_SHARE * near
    return Kind.MIXED if held and not _dies_away(level) else Kind.SINGLE


def _dies_away(level: np.ndarray) -> bool:
    """Whether the level falls evenly from its beginning to its end."""
    smooth = smooth_level(level, 0.2 * len(level) * HOP)
    at = np.linspace(-0.5, 0.5, len(smooth))
    centred = smooth - smooth.mean()
    slope = (at @ centred) / (at @ at)
    seconds = len(level) * HOP
    if slope > -np.clip(_DECAY_DB + _DECAY_MORE * (seconds - 2.0), _DECAY_DB, _DECAY_MOST):
        return False
    explained = slope**2 * (at @ at) / max(centred @ centred, 1e-12)
    early = level[: max(1, round(_STRUCK_SHARE * len(level)))].max() >= level.max() - 1
    return bool(explained >= _DECAY_FIT and (early or slope < -_STRUCK_DB))
