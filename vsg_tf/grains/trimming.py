"""Slow drifts of a recording's zero line, taken out: they would click where a take is cut."""

import numpy as np

_WINDOW = 0.3  # s of the mean that is taken out, twice; the deepest tones that are heard stay


def without_drift(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
    """Take out what changes more slowly than about 2 Hz.

    Args:
        waveform: `[samples, channels]`.
        sample_rate: samples per second.

    Returns:
        The same shape, float32; without a constant offset.
    """
    mean = waveform.astype(np.float64)
    for _ in range(2):
        mean = _running_mean(mean, round(_WINDOW * sample_rate) // 2)
    return (waveform - mean).astype(np.float32)


def _running_mean(waveform: np.ndarray, half: int) -> np.ndarray:
    """Mean of `half` samples on both sides; of fewer at the ends."""
    sums = np.concatenate([np.zeros((1, waveform.shape[1])), np.cumsum(waveform, axis=0)])
    at = np.arange(len(waveform))
    first, stop = np.maximum(at - half, 0), np.minimum(at + half + 1, len(waveform))
    return (sums[stop] - sums[first]) / (stop - first)[:, None]
