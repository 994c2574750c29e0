"""`vsg_tf.audio.mel.LogMel` as a graph."""

import tensorflow as tf

from vsg_tf.audio.mel import RANGE_DB, REFERENCE_DB, SMALLEST, mel_basis
from vsg_tf.config import AudioConfig

_TEN = 2.302585092994046  # natural logarithm of 10


def log10(values: tf.Tensor) -> tf.Tensor:
    """Decadic logarithm."""
    return tf.math.log(values) / tf.constant(_TEN, values.dtype)


def log_mel(waveform: tf.Tensor, config: AudioConfig) -> tf.Tensor:
    """Waveforms `[batch, samples]` float32 to mels `[batch, frames, n_mels]` float32 in 0..1."""
    n_fft, hop = config.n_fft, config.hop_length
    samples = tf.shape(waveform)[1]
    frames = tf.maximum(1, -(-samples // hop))
    right = (frames - 1) * hop + n_fft - n_fft // 2 - samples
    padded = tf.pad(waveform, [[0, 0], [n_fft // 2, right]])
    magnitude = tf.abs(tf.signal.stft(padded, n_fft, hop, n_fft))
    mel = tf.matmul(magnitude, tf.constant(mel_basis(config).T))
    decibels = 20 * log10(tf.maximum(mel, SMALLEST)) - REFERENCE_DB
    return tf.clip_by_value((decibels + RANGE_DB) / RANGE_DB, 0.0, 1.0)
