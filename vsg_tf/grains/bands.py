"""Spectra in broad bands, as the ear tells sounds apart."""

from functools import cache

import numpy as np

from vsg_tf.audio.mel import mel_filters
from vsg_tf.audio.stft import frames_of, hann

BANDS = 24
LOWEST, HIGHEST = 50.0, 11000.0  # Hz, of the bands; every rate in use has them
N_FFT = 2048
_FLOOR = 1e-12
_RANGE_DB = 35.0  # bands softer than this below the loudest do not count
_BLOCK = 1024  # frames


@cache
def _filters(sample_rate: int) -> np.ndarray:
    """`[bins, bands]`, each band the mean of its bins."""
    filters = mel_filters(sample_rate, N_FFT, BANDS, LOWEST, min(HIGHEST, sample_rate / 2))
    return (filters / np.maximum(filters.sum(axis=1, keepdims=True), 1e-9)).T


@cache
def centres(sample_rate: int) -> np.ndarray:
    """Centre of each band on an octave scale, `[bands]`."""
    bins = np.arange(N_FFT // 2 + 1) * (sample_rate / N_FFT)
    return np.log2(np.maximum(bins @ _filters(sample_rate), LOWEST))


def band_frames(waveform: np.ndarray, sample_rate: int, hop: int) -> np.ndarray:
    """Power of the bands of a waveform over time.

    Args:
        waveform: `[samples, channels]`; the channels' powers are averaged.
        sample_rate: samples per second.
        hop: samples between frames; frame i is centred on sample `i * hop`.

    Returns:
        `[1 + samples // hop, bands]` float64.
    """
    count = 1 + len(waveform) // hop
    bands = np.zeros((count, BANDS))
    window, filters = hann(N_FFT).astype(np.float32), _filters(sample_rate)
    for channel in waveform.T:
        padded = np.pad(channel, (N_FFT // 2, N_FFT))
        for first in range(0, count, _BLOCK):
            stop = min(first + _BLOCK, count)
            part = padded[first * hop : (stop - 1) * hop + N_FFT]
            spectra = np.fft.rfft(frames_of(part, N_FFT, hop) * window, axis=1)
            bands[first:stop] += np.square(np.abs(spectra)) @ filters
    return bands / (waveform.shape[1] * np.sum(window**2))


def spectrum_of(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
    """Mean power of each band of `[samples, channels]`, `[bands]` dB."""
    power = band_frames(waveform, sample_rate, N_FFT // 2).mean(axis=0)
    return 10 * np.log10(power + _FLOOR)


def brightness_of(spectrum: np.ndarray, sample_rate: int) -> float:
    """Centre of spectra `[..., bands]` dB on an octave scale, Hz."""
    power = 10 ** (spectrum / 10)
    weights = power * 2 ** (centres(sample_rate) / 2)  # the ear hears high bands more
    return 2 ** ((weights @ centres(sample_rate)) / np.maximum(weights.sum(axis=-1), 1e-30))


def spectral_distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """How unlike spectra `[..., bands]` dB are, whatever their level.

    Returns:
        `[...]` dB: the mean difference of the bands that matter in either.
    """
    pair = [one - one.max(axis=-1, keepdims=True) for one in (first, second)]
    either = (pair[0] > -_RANGE_DB) | (pair[1] > -_RANGE_DB)
    one, other = (np.maximum(spectrum, -_RANGE_DB) for spectrum in pair)
    shift = ((one - other) * either).sum(axis=-1, keepdims=True) / either.sum(
        axis=-1, keepdims=True
    )
    return (np.abs(one - other - shift) * either).sum(axis=-1) / either.sum(axis=-1)
