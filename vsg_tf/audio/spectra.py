"""Short-time spectra in TensorFlow, by its FFT or by real matrices alone.

Griffin-Lim needs nothing else of a transform than these classes give. How a class holds signals
and spectra is its own affair: both go from one of its methods to the next.
"""

import math
from typing import Protocol

import numpy as np
import tensorflow as tf

from vsg_tf.audio.folded_dft import FoldedDFT
from vsg_tf.config.schema import AudioConfig


class Spectra(Protocol):
    """STFT with a Hann window, frame f beginning at sample `f * hop_length`, and its inverse."""

    shape: tf.TensorShape
    """Of a batch of spectra, with None for batch and frames."""

    def arrange(self, magnitude: tf.Tensor) -> tf.Tensor:
        """Real values `[batch, frames, bins]` in the order in which spectra are held."""

    def polar(self, magnitude: tf.Tensor, turns: tf.Tensor) -> tf.Tensor:
        """Arranged magnitudes with phases `[frames, bins]` in turns to spectra."""

    def rescale(self, spectrum: tf.Tensor, magnitude: tf.Tensor) -> tf.Tensor:
        """The phases of a spectrum with other (arranged) magnitudes."""

    def forward(self, signal: tf.Tensor) -> tf.Tensor:
        """Signals to spectra."""

    def inverse(self, spectrum: tf.Tensor) -> tf.Tensor:
        """Spectra to signals; least squares where they are not those of one."""

    def waveform(self, signal: tf.Tensor) -> tf.Tensor:
        """Signals as `[batch, samples]`."""


_TINY = 1e-16  # keeps the phase of a silent bin finite


def _hann(length: int) -> np.ndarray:
    """Periodic at any length; TensorFlow's own is symmetric where the length is odd."""
    return np.sin(np.pi * np.arange(length) / length) ** 2


class FFTSpectra:
    """On `tf.signal`: signals `[batch, samples]`, complex spectra `[batch, frames, bins]`.

    Args:
        config: the `audio` section.
    """

    def __init__(self, config: AudioConfig):
        self._frame = (config.n_fft, config.hop_length, config.n_fft)
        window = _hann(config.n_fft).astype(np.float32)
        self._window = lambda length, dtype: tf.constant(window, dtype)
        self._inverse_window = tf.signal.inverse_stft_window_fn(config.hop_length, self._window)
        self.shape = tf.TensorShape([None, None, config.n_fft // 2 + 1])

    def arrange(self, magnitude: tf.Tensor) -> tf.Tensor:
        return magnitude

    def polar(self, magnitude: tf.Tensor, turns: tf.Tensor) -> tf.Tensor:
        phase = tf.exp(tf.complex(0.0, 2 * math.pi * turns))
        return tf.complex(magnitude, 0.0) * phase

    def rescale(self, spectrum: tf.Tensor, magnitude: tf.Tensor) -> tf.Tensor:
        return spectrum * tf.complex(magnitude / (tf.abs(spectrum) + _TINY), 0.0)

    def forward(self, signal: tf.Tensor) -> tf.Tensor:
        return tf.signal.stft(signal, *self._frame, window_fn=self._window)

    def inverse(self, spectrum: tf.Tensor) -> tf.Tensor:
        return tf.signal.inverse_stft(spectrum, *self._frame, window_fn=self._inverse_window)

    def waveform(self, signal: tf.Tensor) -> tf.Tensor:
        return signal


class MatrixSpectra:
    """By real matrix products, for graphs that go to runtimes without an FFT.

    Signals are held as blocks `[batch, hop_length, blocks]`, sample `p + hop_length * b` at
    `[p, b]`, and spectra folded (`FoldedDFT`), so that nothing is reordered between transforms.

    Args:
        config: the `audio` section.
    """

    def __init__(self, config: AudioConfig):
        self._n_fft, self._hop = config.n_fft, config.hop_length
        self.dft = FoldedDFT(self._n_fft)
        self.shape = tf.TensorShape([None, self.dft.rows, 2, self.dft.second, None])
        self.overlap = -(-self._n_fft // self._hop)  # blocks that a frame reaches into
        window = _hann(self._n_fft)
        filled = np.pad(window, (0, self.overlap * self._hop - self._n_fft))
        # What overlapping frames add up to; dividing by it makes the inverse exact.
        total = np.square(filled).reshape(self.overlap, self._hop).sum(axis=0)
        inverse = (filled / np.tile(total, self.overlap))[: self._n_fft]
        self._window = window[:, None].astype(np.float32)
        self._inverse_window = inverse[:, None].astype(np.float32)

    def arrange(self, magnitude: tf.Tensor) -> tf.Tensor:
        """As `[batch, rows, 1, columns, frames]`."""
        return tf.gather(tf.transpose(magnitude, [0, 2, 1]), self.dft.bins, axis=1)[:, :, None]

    def polar(self, magnitude: tf.Tensor, turns: tf.Tensor) -> tf.Tensor:
        angle = tf.gather(tf.transpose(turns), self.dft.bins, axis=0)
        angle = angle * (2 * math.pi * self.dft.signs[:, :, None])
        return magnitude * tf.stack([tf.cos(angle), tf.sin(angle)], axis=1)

    def rescale(self, spectrum: tf.Tensor, magnitude: tf.Tensor) -> tf.Tensor:
        return spectrum * (magnitude / (self.magnitude(spectrum) + _TINY))

    def magnitude(self, spectrum: tf.Tensor) -> tf.Tensor:
        """Absolute values `[batch, rows, 1, columns, frames]`."""
        return tf.sqrt(tf.reduce_sum(tf.square(spectrum), axis=2, keepdims=True))

    def forward(self, signal: tf.Tensor) -> tf.Tensor:
        dft = self.dft
        frames = tf.shape(signal)[2] - self.overlap + 1
        parts = [signal[:, :, shift : shift + frames] for shift in range(self.overlap)]
        signal = tf.concat(parts, axis=1)[:, : self._n_fft] * self._window
        signal = tf.reshape(signal, [-1, dft.first, dft.second * frames])
        spectrum = tf.matmul(dft.split, signal)
        spectrum = tf.reshape(spectrum, [-1, dft.rows, 2 * dft.second, frames])
        spectrum = tf.matmul(dft.twist, spectrum)
        return tf.reshape(spectrum, [-1, dft.rows, 2, dft.second, frames])

    def inverse(self, spectrum: tf.Tensor) -> tf.Tensor:
        dft = self.dft
        frames = tf.shape(spectrum)[4]
        signal = tf.reshape(spectrum, [-1, dft.rows, 2 * dft.second, frames])
        signal = tf.matmul(dft.twist.transpose(0, 2, 1), signal)
        signal = tf.reshape(signal, [-1, 2 * dft.rows, dft.second * frames])
        signal = tf.reshape(tf.matmul(dft.join, signal), [-1, self._n_fft, frames])
        signal = signal * self._inverse_window
        missing = self.overlap * self._hop - self._n_fft
        if missing:
            signal = tf.pad(signal, [[0, 0], [0, missing], [0, 0]])
        last = self.overlap - 1
        parts = tf.split(signal, self.overlap, axis=1)
        shifted = [tf.pad(part, [[0, 0], [0, 0], [i, last - i]]) for i, part in enumerate(parts)]
        return tf.add_n(shifted)

    def waveform(self, signal: tf.Tensor) -> tf.Tensor:
        samples = self._hop * tf.shape(signal)[2]
        return tf.reshape(tf.transpose(signal, [0, 2, 1]), [-1, samples])
