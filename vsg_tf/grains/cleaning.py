"""The background taken out of a waveform, under the sounds as well as between them.

A Wiener gain for each bin of a short-time spectrum. Two estimates of how far a bin stands out are
joined: one smoothed over neighbours, in which noise alone does not flicker (no musical noise), and
the bin's own, believed only far above the noise, so that attacks stay whole.
"""

import numpy as np

from vsg_tf.audio.filters import gaussian_smooth, running_maximum
from vsg_tf.audio.stft import frames_of, hann
from vsg_tf.grains.noise import Noise, window_samples

OVERLAP = 4
MOST_DB = 36.0  # by which a bin is lowered at most
_FRAMES, _BINS = 2.2, 2.5  # standard deviations of the smoothing
_EXCESS = 2.0  # noise varies: more than its mean has to go
_SURE = 14.0  # times the noise a bin is none, if its neighbours are above it, too
_NEIGHBOURS = 2.0  # times
_HIDDEN_DB, _BARED_DB = 26.0, 14.0  # sounds so far above the noise hide it
_SOFTENING = 0.7  # frames and bins; without it single bins ring
_BLOCK = 512  # frames


def clean_waveform(waveform: np.ndarray, sample_rate: int, noise: Noise) -> np.ndarray:
    """Lower what is no louder than the background.

    Args:
        waveform: `[samples, channels]`.
        sample_rate: samples per second.
        noise: of the recording.

    Returns:
        The same shape, float32. All channels get one gain, so that the picture in stereo stays;
        phases are the recording's.
    """
    size = window_samples(sample_rate)
    hop = size // OVERLAP
    count = -(-(len(waveform) + size) // hop) + 1
    padded = np.pad(waveform, ((size - hop, count * hop + size - len(waveform)), (0, 0)))
    window = np.sqrt(hann(size))
    power = np.empty((count, size // 2 + 1), np.float32)
    for first in range(0, count, _BLOCK):
        power[first : first + _BLOCK] = sum(
            np.square(np.abs(spectra)) for spectra in _spectra(padded, window, hop, first, count)
        )
    power /= waveform.shape[1]
    gain = _gain(power, noise.spectrum * (np.sum(window**2) / np.sum(hann(size) ** 2)))
    cleaned = np.zeros(padded.shape, np.float32)
    for first in range(0, count, _BLOCK):
        for channel, spectra in enumerate(_spectra(padded, window, hop, first, count)):
            lowered = spectra * gain[first : first + _BLOCK]
            frames = np.fft.irfft(lowered, size, axis=1) * window
            for index, frame in enumerate(frames, start=first):
                cleaned[index * hop : index * hop + size, channel] += frame
    # Squared windows of the four frames over a sample add up to two.
    return cleaned[size - hop : size - hop + len(waveform)] / np.float32(OVERLAP / 2)


def _spectra(padded: np.ndarray, window: np.ndarray, hop: int, first: int, count: int):
    """Spectra `[frames, bins]` of each channel, for one block of frames."""
    stop = min(first + _BLOCK, count)
    for channel in padded[first * hop : (stop - 1) * hop + len(window)].T:
        yield np.fft.rfft(frames_of(channel, len(window), hop) * window, axis=1)


def _gain(power: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Factors `[frames, bins]` float32 for the spectra of a power spectrogram."""
    ratio = power / np.maximum(noise, 1e-20).astype(np.float32)
    smooth = gaussian_smooth(gaussian_smooth(ratio, _FRAMES, axis=0), _BINS, axis=1)
    wiener = np.maximum(1 - _EXCESS / np.maximum(smooth, 1e-9), 0)
    own = np.maximum(1 - _EXCESS / np.maximum(ratio, 1e-9), 0)
    sure = (ratio > _SURE) & (smooth > _NEIGHBOURS)
    wiener = np.maximum(wiener, np.where(sure, own, 0))
    loud = 10 * np.log10(power.sum(axis=1) / max(noise.sum(), 1e-20) + 1e-9)
    hidden = np.clip((loud - _BARED_DB) / (_HIDDEN_DB - _BARED_DB), 0, 1)[:, None]
    hidden = running_maximum(hidden, 1, 1, axis=0)
    kept = np.maximum(hidden + (1 - hidden) * wiener, 10 ** (-MOST_DB / 20))
    kept = np.log(kept).astype(np.float32)
    return np.exp(gaussian_smooth(gaussian_smooth(kept, _SOFTENING, axis=0), _SOFTENING, axis=1))
