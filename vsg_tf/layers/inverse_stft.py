"""Spectra to a waveform."""

import keras
import numpy as np
from keras import ops

from vsg_tf.layers.fourier import RealFourier


@keras.saving.register_keras_serializable(package="vsg_tf")
class InverseSTFT(keras.layers.Layer):
    """Inverse short-time Fourier transform with a Hann window, in real arithmetic.

    Overlapping frames are added and divided by the sum of the squared windows (Griffin and Lim
    1984). At the ends that sum comes near zero and would blow samples up: `edge` frames are given
    more on either side, and nothing of what only they cover is returned. Computed in float32.

    Args:
        n_fft: samples of a frame, even.
        hop_length: samples between frames, at most half of `n_fft`.
        matrices: for runtimes without an FFT, see `RealFourier`.

    Call arguments:
        inputs: `[real, imaginary]`, each `[B, T, n_fft // 2 + 1]`; frame t is centred on sample
            `(t - edge) * hop_length` of the result.

    Returns:
        `[B, (T - 2 * edge) * hop_length]` float32.
    """

    def __init__(self, n_fft: int, hop_length: int, matrices: bool = False, **kwargs):
        kwargs["dtype"] = "float32"
        super().__init__(**kwargs)
        if n_fft % 2 or hop_length * 2 > n_fft:
            raise ValueError(
                f"n_fft {n_fft} must be even and at least twice hop_length {hop_length}"
            )
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.matrices = matrices
        self.edge = -(-n_fft // (2 * hop_length))
        self._fourier = RealFourier(n_fft, matrices)
        self._parts = -(-n_fft // hop_length)
        window = np.zeros(self._parts * hop_length)
        window[:n_fft] = np.sin(np.pi * np.arange(n_fft) / n_fft) ** 2
        total = np.square(window).reshape(self._parts, hop_length).sum(axis=0)
        self._window = (window / np.tile(total, self._parts)).astype("float32")

    def call(self, inputs):
        real, imaginary = (ops.cast(x, "float32") for x in inputs)
        hop, parts = self.hop_length, self._parts
        samples = self._fourier.inverse(real, imaginary)
        samples = ops.pad(samples, [[0, 0], [0, 0], [0, parts * hop - self.n_fft]]) * self._window
        frames = ops.shape(samples)[1]
        blocks = sum(
            ops.pad(
                samples[:, :, part * hop : (part + 1) * hop],
                [[0, 0], [part, parts - 1 - part], [0, 0]],
            )
            for part in range(parts)
        )
        flat = ops.reshape(blocks, (-1, (frames + parts - 1) * hop))
        first = self.edge * hop + self.n_fft // 2
        return flat[:, first : first + (frames - 2 * self.edge) * hop]

    def compute_output_shape(self, input_shape):
        batch, frames, _ = input_shape[0]
        length = None if frames is None else (frames - 2 * self.edge) * self.hop_length
        return (batch, length)

    def get_config(self):
        return {
            **super().get_config(),
            "n_fft": self.n_fft,
            "hop_length": self.hop_length,
            "matrices": self.matrices,
        }
