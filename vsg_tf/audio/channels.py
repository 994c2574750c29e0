"""What recorders do to channels, undone: opposite phase, constant offsets, more than two."""

import numpy as np

# Of the channels' mean power, below which their mean counts as cancelled: -13 dB, a correlation
# of -0.9 between equally loud ones.
CANCELLED = 0.05
_PART = 1 << 20  # samples


def as_pair(block: np.ndarray) -> np.ndarray:
    """More than two channels as two, whose mean is the mean of all.

    Args:
        block: `[samples, channels]`.

    Returns:
        `[samples, 1 or 2]`: as it is, or the sums of every other channel, to scale.
    """
    channels = block.shape[1]
    if channels <= 2:
        return block
    halves = [block[:, first::2].sum(axis=1) * (2 / channels) for first in (0, 1)]
    return np.stack(halves, axis=1).astype(block.dtype)


def in_phase(waveform: np.ndarray) -> np.ndarray:
    """Turn the second channel over where the two would cancel each other in their mean.

    Args:
        waveform: `[samples, 1 or 2]`.

    Returns:
        The same shape; unchanged but for recordings wired in opposite phase.
    """
    if waveform.shape[1] < 2 or not len(waveform):
        return waveform
    left, right = waveform[:, 0], waveform[:, 1]
    power = _product(left, left) + _product(right, right)  # twice that of the channels' mean
    of_mean = (power + 2 * _product(left, right)) / 4
    if of_mean >= CANCELLED * power / 2:
        return waveform
    return waveform * np.array([1, -1], waveform.dtype)


def _product(first: np.ndarray, second: np.ndarray) -> float:
    """Sum of the products, exact and in little memory."""
    parts = (slice(at, at + _PART) for at in range(0, len(first), _PART))
    return float(sum(first[p].astype(np.float64) @ second[p].astype(np.float64) for p in parts))


LEAST_OFFSET = 1e-4  # -80 dB; less is not heard, and a recording that is right stays as it is


def without_offset(waveform: np.ndarray) -> np.ndarray:
    """Take out the constant that a recorder adds to every sample.

    A strike in silence has a mean that is no offset, and an uneven sound has a median that is
    none: the offset is the smaller of the two, and none where their signs differ.

    Args:
        waveform: `[samples, channels]`, at least one sample.

    Returns:
        The same shape, float32.
    """
    mean, median = waveform.mean(axis=0, dtype=np.float64), np.median(waveform, axis=0)
    offset = np.where(mean * median > 0, np.sign(mean) * np.minimum(abs(mean), abs(median)), 0)
    offset[np.abs(offset) < LEAST_OFFSET] = 0
    return waveform - offset.astype(np.float32)
