"""The steady background of a recording: whether it has one, and what it is like."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.stft import hann
from vsg_tf.grains.levels import HOP, level_curve

WINDOW = 0.04  # s
_SMOOTH = 0.05  # s over which a moment's level is taken, more than `WINDOW`
_SILENT_DB = -95.0  # below the recording's peak: digital silence tells nothing of a room
_LOWEST = 5.0  # percentile that the background's level is
_WIDTH_DB = 6.0  # around it, within which a steady background stays
_LEAST_SHARE = 0.1  # of the moments that have to lie there
_RUN = 0.09  # s of quiet in one piece that tell whether it is even
_FALL_DB = 1.8  # from the first half of such a piece to the second; a decay falls by 3 and more
_SHORTEST = 0.12  # s of quiet in all
_CONTRAST_DB = 10.0  # a sound that stands out less is itself what lasts
_MOST_FRAMES = 400


@dataclass(frozen=True)
class Noise:
    """A background.

    Args:
        spectrum: mean power in each bin of Hann-windowed frames of `window_samples`, `[bins]`.
        level: dB, of its mean power.
        moments: s at which it is heard alone, ascending, each a multiple of `HOP`.
    """

    spectrum: np.ndarray
    level: float
    moments: np.ndarray

    def pieces(self, waveform: np.ndarray, sample_rate: int) -> np.ndarray:
        """Pieces of the recording `[samples, channels]` in which the background is heard alone.

        Returns:
            `[pieces, window_samples, channels]` float32, at most 400.
        """
        return _cut(waveform, sample_rate, self.moments)


def window_samples(sample_rate: int) -> int:
    """An even number of samples in `WINDOW`."""
    return 4 * round(WINDOW * sample_rate / 4)


def find_noise(waveform: np.ndarray, sample_rate: int) -> Noise | None:
    """The background in the quiet moments of a recording.

    A steady background keeps its level; the quiet end of a sound that dies away does not.

    Args:
        waveform: `[samples, channels]`.
        sample_rate: samples per second.

    Returns:
        None where there is none, or where the recording is too short to tell.
    """
    size = window_samples(sample_rate)
    if len(waveform) < 3 * size:
        return None
    level = level_curve(waveform, sample_rate, _SMOOTH)
    inside = (np.arange(len(level)) * HOP * sample_rate >= size / 2) & (
        np.arange(len(level)) * HOP * sample_rate <= len(waveform) - size / 2
    )
    heard = inside & (level > level.max() + _SILENT_DB)
    if not heard.any():
        return None
    low = np.percentile(level[heard], _LOWEST)
    mask = heard & (level > low - _WIDTH_DB) & (level < low + _WIDTH_DB)
    quiet = np.flatnonzero(mask)
    enough = max(_LEAST_SHARE * heard.sum(), _SHORTEST / HOP)
    if level.max() - low < _CONTRAST_DB or len(quiet) < enough or not _is_even(level, mask):
        return None
    frames = _cut(waveform, sample_rate, quiet * HOP)
    windowed = frames * hann(size)[None, :, None]
    power = np.square(np.abs(np.fft.rfft(windowed, axis=1))).mean(axis=(0, 2))
    mean = np.square(frames, dtype=np.float64).mean()
    return Noise(power, float(10 * np.log10(mean + 1e-20)), quiet * HOP)


def _is_even(level: np.ndarray, quiet: np.ndarray) -> bool:
    """Whether quiet stretches keep their level; the ends of sounds that die away do not."""
    edges = np.flatnonzero(np.diff(np.pad(quiet.astype(int), 1))).reshape(-1, 2)
    falls, lengths = [], []
    for first, stop in edges:
        if (stop - first) * HOP >= _RUN:
            middle = (first + stop) // 2
            falls.append(level[first:middle].mean() - level[middle:stop].mean())
            lengths.append(stop - first)
    return bool(lengths) and float(np.average(falls, weights=lengths)) < _FALL_DB


def _cut(waveform: np.ndarray, sample_rate: int, moments: np.ndarray) -> np.ndarray:
    """Windows around moments, `[pieces, window, channels]`, evenly chosen where there are many."""
    size = window_samples(sample_rate)
    chosen = moments[np.linspace(0, len(moments) - 1, min(_MOST_FRAMES, len(moments))).astype(int)]
    starts = np.round(chosen * sample_rate).astype(int) - size // 2
    starts = np.clip(starts, 0, len(waveform) - size)
    return np.stack([waveform[start : start + size] for start in starts])
