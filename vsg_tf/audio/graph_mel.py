"""`LogMel` for batches inside a graph, with gradients."""

import tensorflow as tf

from vsg_tf.audio.mel import RANGE_DB, REFERENCE_DB, mel_basis
from vsg_tf.config.schema import AudioConfig

_SMALLEST = 1e-5


class GraphLogMel:
    """Log-mel spectrogram of batches of waveforms; the numbers of `LogMel`.

    Args:
        config: the `audio` section.
    """

    def __init__(self, config: AudioConfig):
        self.config = config
        self._basis = mel_basis(config).T

    def spectrum(self, waveform: tf.Tensor) -> tf.Tensor:
        """Complex spectra `[B, frames, bins]` of waveforms `[B, frames * hop_length]`."""
        n_fft, hop = self.config.n_fft, self.config.hop_length
        padded = tf.pad(waveform, [[0, 0], [n_fft // 2, n_fft - n_fft // 2 - 1]])
        spectrum = tf.signal.stft(padded, n_fft, hop, n_fft)
        return spectrum[:, : tf.shape(waveform)[1] // hop]

    def of_magnitude(self, magnitude: tf.Tensor) -> tf.Tensor:
        """Mel `[B, frames, n_mels]` in 0..1 of magnitudes `[B, frames, bins]`."""
        bands = tf.maximum(_SMALLEST, tf.matmul(magnitude, self._basis))
        decibels = tf.math.log(bands) * (20 / tf.math.log(10.0)) - REFERENCE_DB
        return tf.clip_by_value((decibels + RANGE_DB) / RANGE_DB, 0.0, 1.0)

    def __call__(self, waveform: tf.Tensor) -> tf.Tensor:
        """Mel `[B, frames, n_mels]` in 0..1 of waveforms `[B, frames * hop_length]`."""
        return self.of_magnitude(tf.abs(self.spectrum(waveform)))
