"""The peak between samples, as ITU-R BS.1770 annex 2 has it: by four-fold oversampling."""

import numpy as np

from vsg_tf.audio.resampling import resample

OVERSAMPLING = 4
_MARGIN = 64  # samples on both sides of a sample that can lie at a peak
_BELOW_DB = 6.0  # between samples the waveform is hardly ever so much higher than at both


def true_peak(waveform: np.ndarray) -> float:
    """Largest absolute value of a waveform `[samples, channels]` between its samples, >= 0."""
    highest = float(np.abs(waveform).max(initial=0.0))
    if highest == 0.0:
        return 0.0
    near = np.abs(waveform).max(axis=1) >= highest * 10 ** (-_BELOW_DB / 20)
    found = highest
    for first, stop in _stretches(np.flatnonzero(near), len(waveform)):
        part = resample(waveform[first:stop], 1, OVERSAMPLING)
        found = max(found, float(np.abs(part).max()))
    return found


def true_peak_db(waveform: np.ndarray) -> float:
    """`true_peak` in dB relative to full scale; -200 for digital silence."""
    return 20 * float(np.log10(max(true_peak(waveform), 1e-10)))


def _stretches(samples: np.ndarray, count: int):
    """First and last sample of what lies around given samples, joined where it overlaps."""
    gaps = np.flatnonzero(np.diff(samples) > 2 * _MARGIN)
    for first, last in zip(
        samples[np.concatenate([[0], gaps + 1])],
        samples[np.concatenate([gaps, [len(samples) - 1]])],
        strict=True,
    ):
        yield max(0, first - _MARGIN), min(count, last + _MARGIN + 1)
