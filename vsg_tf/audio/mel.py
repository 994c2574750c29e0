"""Waveform to the mel grid on which the networks work.

The scaling is that of the mels published with REGNET and VAS: 20 log10 of the Slaney mel of the
magnitude spectrum, less 20 dB, and the 100 dB below that mapped to 0..1.
"""

import librosa
import numpy as np

from vsg_tf.config.schema import AudioConfig

REFERENCE_DB = 20.0
RANGE_DB = 100.0
SMALLEST = 1e-5
_BLOCK_FRAMES = 8192  # bounds the memory of long sounds; about 95 s


def mel_basis(config: AudioConfig) -> np.ndarray:
    """Slaney mel filters with area normalisation, `[n_mels, n_fft // 2 + 1]` float32."""
    return librosa.filters.mel(
        sr=config.sample_rate,
        n_fft=config.n_fft,
        n_mels=config.n_mels,
        fmin=config.f_min,
        fmax=config.mel_top,
    )


def level_db(mel):
    """Mel values 0..1, an array or a tensor, to the level of their bands in dB."""
    return mel * RANGE_DB - RANGE_DB + REFERENCE_DB


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
        frames = self.frames_for(len(waveform))
        left = n_fft // 2
        right = max(0, (frames - 1) * hop + n_fft - left - len(waveform))
        padded = np.pad(np.asarray(waveform, np.float32), (left, right))
        mel = np.empty((frames, self.config.n_mels), np.float32)
        for first in range(0, frames, _BLOCK_FRAMES):
            last = min(first + _BLOCK_FRAMES, frames)
            block = padded[first * hop : (last - 1) * hop + n_fft]
            spectrum = librosa.stft(block, n_fft=n_fft, hop_length=hop, center=False)
            mel[first:last] = (self._basis @ np.abs(spectrum)).T
        decibels = 20 * np.log10(np.maximum(SMALLEST, mel)) - REFERENCE_DB
        return np.clip((decibels + RANGE_DB) / RANGE_DB, 0.0, 1.0).astype(np.float32)

    def to_magnitude(self, mel: np.ndarray) -> np.ndarray:
        """Undo the scaling: magnitudes of the mel bands, same shape; 0 gives exactly 0."""
        magnitude = 10 ** (level_db(mel) / 20)
        return np.where(mel > 0, magnitude, 0.0).astype(np.float32)
