"""`LogMel` for batches inside a graph, with gradients."""

import tensorflow as tf

from vsg_tf.audio.mel import RANGE_DB, REFERENCE_DB, SMALLEST, mel_basis
from vsg_tf.config.schema import AudioConfig

_TEN = 2.302585092994046  # natural logarithm of 10


def log10(values: tf.Tensor) -> tf.Tensor:
    """Decadic logarithm."""
    return tf.math.log(values) / tf.constant(_TEN, values.dtype)


def scale_bands(bands: tf.Tensor) -> tf.Tensor:
    """Magnitudes of mel bands, of any shape, to the mel's scale of 0..1."""
    decibels = 20 * log10(tf.maximum(SMALLEST, bands)) - REFERENCE_DB
    return tf.clip_by_value((decibels + RANGE_DB) / RANGE_DB, 0.0, 1.0)


class GraphLogMel:
    """Log-mel spectrogram of batches of waveforms; the numbers of `LogMel`.

    Frames are `max(1, ceil(samples / hop_length))`.

    Args:
        config: the `audio` section.
    """

    def __init__(self, config: AudioConfig):
        self.config = config
        self._basis = mel_basis(config).T

    def spectrum(self, waveform: tf.Tensor) -> tf.Tensor:
        """Complex spectra `[B, frames, bins]` of waveforms `[B, samples]`."""
        n_fft, hop = self.config.n_fft, self.config.hop_length
        samples = tf.shape(waveform)[1]
        frames = tf.maximum(1, -(-samples // hop))
        left = n_fft // 2
        right = (frames - 1) * hop + n_fft - left - samples
        padded = tf.pad(waveform, [[0, 0], [left, right]])
        return tf.signal.stft(padded, n_fft, hop, n_fft)

    def of_magnitude(self, magnitude: tf.Tensor) -> tf.Tensor:
        """Mel `[B, frames, n_mels]` in 0..1 of magnitudes `[B, frames, bins]`."""
        return scale_bands(tf.matmul(magnitude, self._basis))

    def __call__(self, waveform: tf.Tensor) -> tf.Tensor:
        """Mel `[B, frames, n_mels]` in 0..1 of waveforms `[B, samples]`."""
        return self.of_magnitude(tf.abs(self.spectrum(waveform)))
