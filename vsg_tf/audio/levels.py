"""Levels in decibels relative to full scale."""

import numpy as np

PEAK_CEILING_DB = -1.0  # leaves room for the overshoot of lossy encoders
_FLOOR = 1e-10  # -200 dB stands for digital silence


def peak_db(waveform: np.ndarray) -> float:
    """Largest absolute value of a waveform in dB; -200 for digital silence or no samples."""
    peak = float(np.abs(waveform).max(initial=0.0))
    return 20 * float(np.log10(max(peak, _FLOOR)))


def rms_db(waveform: np.ndarray) -> float:
    """Root mean square of a waveform in dB; -200 for digital silence or no samples."""
    power = float(np.mean(np.square(waveform, dtype=np.float64))) if np.size(waveform) else 0.0
    return 10 * float(np.log10(max(power, _FLOOR**2)))


def apply_gain(waveform: np.ndarray, gain_db: float) -> np.ndarray:
    """Amplify by `gain_db` decibels; same shape, float32."""
    return np.asarray(waveform, np.float32) * np.float32(10 ** (gain_db / 20))


def limit_peak(waveform: np.ndarray, ceiling_db: float = PEAK_CEILING_DB) -> np.ndarray:
    """Scale the whole waveform down if its peak is above `ceiling_db`; else return it as is."""
    excess = peak_db(waveform) - ceiling_db
    return apply_gain(waveform, -excess) if excess > 0 else waveform
