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


class TruePeakMeter:
    """The true peak of a sound that comes in blocks.

    Args:
        channels: of it.
    """

    def __init__(self, channels: int):
        self._held = np.zeros((_MARGIN, channels), np.float32)
        self._highest = self._found = 0.0

    def add(self, block: np.ndarray) -> None:
        """Measure the next samples, `[samples, channels]`."""
        joined = np.concatenate([self._held, np.asarray(block, np.float32)])
        self._measure(joined)
        self._held = joined[-2 * _MARGIN :]

    @property
    def peak(self) -> float:
        """Largest absolute value between the samples that were added, >= 0."""
        self._measure(np.pad(self._held, [(0, _MARGIN), (0, 0)]))
        return self._found

    @property
    def peak_db(self) -> float:
        """`peak` in dB relative to full scale; -200 for digital silence."""
        return 20 * float(np.log10(max(self.peak, 1e-10)))

    def _measure(self, joined: np.ndarray) -> None:
        """Look at all but the margins, where it is not known yet what is beside a sample."""
        inner = np.abs(joined[_MARGIN : len(joined) - _MARGIN]).max(axis=1, initial=0.0)
        self._highest = max(self._highest, float(inner.max(initial=0.0)))
        self._found = max(self._found, self._highest)
        near = np.flatnonzero(inner >= max(self._highest * 10 ** (-_BELOW_DB / 20), 1e-10))
        if not len(near):
            return
        for first, stop in _stretches(near + _MARGIN, len(joined)):
            part = np.abs(resample(joined[first:stop], 1, OVERSAMPLING))
            edge = OVERSAMPLING * (_MARGIN - 1)
            self._found = max(self._found, float(part[edge:-edge].max(initial=0.0)))


def _stretches(samples: np.ndarray, count: int):
    """First and last sample of what lies around given samples, joined where it overlaps."""
    gaps = np.flatnonzero(np.diff(samples) > 2 * _MARGIN)
    for first, last in zip(
        samples[np.concatenate([[0], gaps + 1])],
        samples[np.concatenate([gaps, [len(samples) - 1]])],
        strict=True,
    ):
        yield max(0, first - _MARGIN), min(count, last + _MARGIN + 1)
