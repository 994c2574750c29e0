"""Waveform to the mel grid on which the networks work.

The scaling is that of the mels published with REGNET and VAS: 20 log10 of the Slaney mel of the
magnitude spectrum, less 20 dB, and the 100 dB below that mapped to 0..1.
"""

import numpy as np

from vsg_tf.audio.stft import stft
from vsg_tf.config.schema import AudioConfig

REFERENCE_DB = 20.0
RANGE_DB = 100.0
SMALLEST = 1e-5
SILENT_DB = -120.0  # least level of a frame
_BLOCK_FRAMES = 1024  # bounds the memory of long sounds; about 12 s
# Slaney: linear up to 1 kHz, which is mel 15; above it every 27 mel are a factor of 6.4.
_LINEAR_HZ, _KNEE_HZ, _KNEE_MEL, _STEP = 200 / 3, 1000.0, 15.0, np.log(6.4) / 27


def _to_mel(hertz: float) -> float:
    if hertz < _KNEE_HZ:
        return hertz / _LINEAR_HZ
    return _KNEE_MEL + np.log(hertz / _KNEE_HZ) / _STEP


def _to_hertz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < _KNEE_MEL, mel * _LINEAR_HZ, _KNEE_HZ * np.exp(_STEP * (mel - _KNEE_MEL)))


def mel_filters(
    sample_rate: int, n_fft: int, n_mels: int, f_min: float, f_max: float
) -> np.ndarray:
    """Slaney mel filters with area normalisation, as `librosa.filters.mel`.

    Slaney, "Auditory Toolbox", Interval Research technical report 1998-010.

    Args:
        sample_rate: samples per second.
        n_fft: samples of the spectrum's frames.
        n_mels: filters.
        f_min, f_max: lower edge of the first and upper edge of the last filter in Hz.

    Returns:
        `[n_mels, n_fft // 2 + 1]` float32.
    """
    bins = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    edges = _to_hertz(np.linspace(_to_mel(f_min), _to_mel(f_max), n_mels + 2))
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    weights = np.maximum(0, np.minimum(rising, falling))
    return (weights * (2 / (high - low))).astype(np.float32)


def mel_basis(config: AudioConfig) -> np.ndarray:
    """The filters of a configuration, `[n_mels, n_fft // 2 + 1]` float32."""
    return mel_filters(
        config.sample_rate, config.n_fft, config.n_mels, config.f_min, config.mel_top
    )


def band_magnitudes(
    waveform: np.ndarray, basis: np.ndarray, n_fft: int, hop: int, frames: int
) -> np.ndarray:
    """Magnitudes of mel bands in memory that does not grow with the spectra.

    Args:
        waveform: `[samples]` float, mono; beyond both ends there is silence.
        basis: `[bands, n_fft // 2 + 1]`.
        n_fft: samples under the Hann window.
        hop: samples between frames; frame m is centred on sample `m * hop`.
        frames: how many.

    Returns:
        `[frames, bands]` float32.
    """
    left = n_fft // 2
    right = max(0, (frames - 1) * hop + n_fft - left - len(waveform))
    padded = np.pad(np.asarray(waveform, np.float32), (left, right))
    bands = np.empty((frames, len(basis)), np.float32)
    for first in range(0, frames, _BLOCK_FRAMES):
        last = min(first + _BLOCK_FRAMES, frames)
        block = padded[first * hop : (last - 1) * hop + n_fft]
        bands[first:last] = np.abs(stft(block, n_fft, hop)) @ basis.T
    return bands


def level_db(mel):
    """Mel values 0..1, an array or a tensor, to the level of their bands in dB."""
    return mel * RANGE_DB - RANGE_DB + REFERENCE_DB


def mel_level(mel: np.ndarray) -> np.ndarray:
    """Broadband level of mel frames `[frames, n_mels]`: mean power of the bands, `[frames]` dB."""
    power = np.mean(10 ** (level_db(mel.astype(np.float64)) / 10), axis=-1)
    return 10 * np.log10(np.maximum(power, 10 ** (SILENT_DB / 10)))


class LogMel:
    """Log-mel spectrogram of waveforms.

    Args:
        config: the `audio` section.
    """

    def __init__(self, config: AudioConfig):
        self.config = config
        self._basis = mel_basis(config)

    def frames_for(self, samples: int) -> int:
        """Mel frames of a waveform of `samples`: `ceil(samples / hop)`, at least one."""
        return max(1, -(-samples // self.config.hop_length))

    def __call__(self, waveform: np.ndarray) -> np.ndarray:
        """Mel of a waveform.

        Args:
            waveform: `[samples]` float, mono.

        Returns:
            `[frames_for(samples), n_mels]` float32 in 0..1; frame m is centred on sample
            `m * hop_length`, beyond both ends the waveform counts as silence.
        """
        n_fft, hop = self.config.n_fft, self.config.hop_length
        mel = band_magnitudes(waveform, self._basis, n_fft, hop, self.frames_for(len(waveform)))
        decibels = 20 * np.log10(np.maximum(SMALLEST, mel)) - REFERENCE_DB
        return np.clip((decibels + RANGE_DB) / RANGE_DB, 0.0, 1.0).astype(np.float32)

    def to_magnitude(self, mel: np.ndarray) -> np.ndarray:
        """Undo the scaling: magnitudes of the mel bands, same shape; 0 gives exactly 0."""
        magnitude = 10 ** (level_db(mel) / 20)
        return np.where(mel > 0, magnitude, 0.0).astype(np.float32)
