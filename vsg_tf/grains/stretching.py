"""Longer sounds of the same pitch: WSOLA.

Verhelst, Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for high quality
time-scale modification of speech", ICASSP 1993. A phase vocoder smears the texture that copying a
waveform is meant to keep.
"""

import numpy as np
from scipy.signal import fftconvolve

WINDOW_SECONDS = 0.04
_TINY = 1e-9


def best_offset(target: np.ndarray, searched: np.ndarray) -> int:
    """Where in `searched` `[samples]` lies the stretch most like `target` `[fewer samples]`."""
    if len(searched) <= len(target):
        return 0
    match = fftconvolve(searched, target[::-1], mode="valid")
    sums = np.concatenate([[0.0], np.cumsum(np.square(searched, dtype=np.float64))])
    power = sums[len(target) :] - sums[: -len(target)]
    return int(np.argmax(match / np.sqrt(np.maximum(power, 0) + _TINY)))


def stretch(waveform: np.ndarray, factor: float, sample_rate: int) -> np.ndarray:
    """Change the length of a sound and leave its pitch.

    Args:
        waveform: `[samples, channels]`.
        factor: of the length; 1 returns the sound as it is.
        sample_rate: samples per second.

    Returns:
        `[round(samples * factor), channels]` float32; its beginning is that of the sound.
    """
    wanted = round(len(waveform) * factor)
    half = round(WINDOW_SECONDS * sample_rate / 2)
    if factor == 1 or len(waveform) < 4 * half:
        return _fitted(waveform, wanted)
    mono = waveform.mean(axis=1)
    rise = np.sin(np.pi / 2 * (np.arange(half) + 0.5) / half).astype(np.float32)[:, None] ** 2
    made = np.empty((-(-wanted // half) * half, waveform.shape[1]), np.float32)
    made[:half] = waveform[:half]
    position = 0  # in the sound, of the window written last
    for start in range(half, len(made), half):
        follows = position + half
        ideal = min(round(start / factor), len(waveform) - 2 * half)
        first = max(0, ideal - half // 2)
        target = mono[follows : follows + half]
        if len(target) == half:
            searched = mono[first : min(ideal + half // 2, len(waveform) - 2 * half) + half]
            position = first + best_offset(target, searched)
        else:
            position = follows = max(0, ideal)
        fading = waveform[follows : follows + half]
        made[start : start + half] = (
            fading * (1 - rise) + waveform[position : position + half] * rise
        )
    return made[:wanted]


def _fitted(waveform: np.ndarray, wanted: int) -> np.ndarray:
    kept = waveform[:wanted].astype(np.float32)
    return np.pad(kept, ((0, wanted - len(kept)), (0, 0)))
