"""Level curves in dB on the mel grid."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from vsg_tf.audio.mel import level_db

SILENT_DB = -120.0
_SMOOTHING = 1.5  # mel frames


def mel_level(mel: np.ndarray) -> np.ndarray:
    """Broadband level of mel frames: mean power of the bands, `[frames]` dB."""
    power = np.mean(10 ** (level_db(mel.astype(np.float64)) / 10), axis=-1)
    return 10 * np.log10(np.maximum(power, 10 ** (SILENT_DB / 10)))


def smooth_level(level: np.ndarray) -> np.ndarray:
    """The curve of the mean power over about 40 ms, `[frames]` dB."""
    power = gaussian_filter1d(10 ** (level / 10), _SMOOTHING, mode="nearest")
    return 10 * np.log10(np.maximum(power, 10 ** (SILENT_DB / 10)))


def window_level(waveform: np.ndarray, window: int) -> np.ndarray:
    """Level of consecutive windows of `[samples, channels]`, `[windows]` dB, at least one.

    Channels count by their mean power; what does not fill the last window is left out.
    """
    count = max(1, len(waveform) // window)
    part = np.zeros((count * window, waveform.shape[1]), np.float32)
    part[: min(len(waveform), len(part))] = waveform[: len(part)]
    power = np.square(part).reshape(count, -1).mean(axis=1)
    return 10 * np.log10(np.maximum(power, 10 ** (SILENT_DB / 10)))


def to_samples(curve: np.ndarray, frame_samples: float, first: float, count: int) -> np.ndarray:
    """A curve in dB on frames as factors for samples, `[count, 1]` float32.

    Args:
        curve: `[frames]` dB; beyond its ends the last value holds.
        frame_samples: samples between frames.
        first: frame position of the first sample.
        count: samples wanted.
    """
    at = first + np.arange(count) / frame_samples
    return (10 ** (np.interp(at, np.arange(len(curve)), curve) / 20)).astype(np.float32)[:, None]
