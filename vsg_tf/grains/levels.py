"""Level curves of waveforms, and curves as factors for samples."""

import numpy as np

from vsg_tf.audio.filters import gaussian_smooth

HOP = 0.005  # s between the values of every level curve
SILENT_DB = -120.0
_TINY = 10 ** (SILENT_DB / 10)


def to_db(power: np.ndarray) -> np.ndarray:
    """Power in dB, at least -120."""
    return 10 * np.log10(np.maximum(power, _TINY))


def power_curve(waveform: np.ndarray, sample_rate: int, window: float) -> np.ndarray:
    """Mean power around every `HOP`.

    Args:
        waveform: `[samples, channels]`; channels count by their mean power.
        sample_rate: samples per second.
        window: s over which the mean is taken, centred.

    Returns:
        `[1 + samples / hop]` float64; value i belongs to the time `i * HOP`.
    """
    power = np.square(waveform, dtype=np.float64).mean(axis=1)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    centres = np.round(np.arange(1 + int(len(power) / (HOP * sample_rate))) * HOP * sample_rate)
    half = max(1, round(window * sample_rate / 2))
    first = np.clip(centres - half, 0, len(power)).astype(int)
    stop = np.clip(centres + half, 0, len(power)).astype(int)
    return np.maximum(sums[stop] - sums[first], 0) / np.maximum(stop - first, 1)


def level_curve(waveform: np.ndarray, sample_rate: int, window: float) -> np.ndarray:
    """`power_curve` in dB."""
    return to_db(power_curve(waveform, sample_rate, window))


def smooth_level(level: np.ndarray, seconds: float) -> np.ndarray:
    """The curve of the mean power over about `seconds`, `[values]` dB."""
    return to_db(gaussian_smooth(10 ** (level / 10), seconds / HOP / 3.5))


def to_samples(curve: np.ndarray, sample_rate: int, first: int, count: int) -> np.ndarray:
    """A curve in dB at every `HOP` as factors for samples, `[count, 1]` float32.

    Args:
        curve: `[values]` dB; beyond its ends the last value holds.
        sample_rate: samples per second.
        first: the first sample wanted.
        count: samples wanted.
    """
    at = (first + np.arange(count)) / (HOP * sample_rate)
    return (10 ** (np.interp(at, np.arange(len(curve)), curve) / 20)).astype(np.float32)[:, None]


def rise(count: int) -> np.ndarray:
    """A fade from 0 to 1, `[count, 1]` float32: the first sample is zero."""
    return (np.sin(np.pi / 2 * np.arange(count) / max(count, 1)) ** 2).astype(np.float32)[:, None]


def excerpt(waveform: np.ndarray, first: int, count: int) -> np.ndarray:
    """`count` samples from `first` on, silent beyond both ends, `[count, channels]`."""
    part = waveform[max(0, first) : max(0, first + count)]
    before = min(max(0, -first), count)
    return np.pad(part, ((before, count - before - len(part)), (0, 0)))
