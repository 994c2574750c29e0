"""Other sample rates, by the SoX resampler."""

import numpy as np
import soxr

QUALITY = "HQ"  # 20 bits; aliases lie below -120 dB


def resample(waveform: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """Bring a waveform to another rate.

    Args:
        waveform: `[samples]` or `[samples, channels]` float.
        rate: its samples per second.
        wanted: those of the result.

    Returns:
        `ceil(samples * wanted / rate)` samples, float32 in one piece of memory; sample 0 stays at
        time 0. The numbers of `librosa.resample`.
    """
    waveform = np.ascontiguousarray(waveform, np.float32)
    if rate == wanted or not len(waveform):
        return waveform
    count = -(-len(waveform) * wanted // rate)
    found = soxr.resample(waveform, rate, wanted, QUALITY)[:count]
    missing = count - len(found)
    if missing:
        found = np.pad(found, [(0, missing), *[(0, 0)] * (found.ndim - 1)])
    return np.ascontiguousarray(found, np.float32)
