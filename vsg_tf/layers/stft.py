"""A waveform to its spectra."""

import keras
import numpy as np
from keras import ops

from vsg_tf.layers.fourier import RealFourier


@keras.saving.register_keras_serializable(package="vsg_tf")
class STFT(keras.layers.Layer):
    """Short-time Fourier transform with a Hann window, on the grid of the mels.

    Beyond both ends the waveform counts as silence. Computed in float32.

    Args:
        n_fft: samples of a frame, even.
        hop_length: samples between frames.
        matrices: for runtimes without an FFT, see `RealFourier`.

    Call arguments:
        waveform: `[B, T * hop_length]`.

    Returns:
        `[real, imaginary]`, each `[B, T, n_fft // 2 + 1]`; frame t is centred on sample
        `t * hop_length`.
    """

    def __init__(self, n_fft: int, hop_length: int, matrices: bool = False, **kwargs):
        kwargs["dtype"] = "float32"
        super().__init__(**kwargs)
        self.n_fft = n_fft
        self.hop_length = hop_length
        self.matrices = matrices
        self._fourier = RealFourier(n_fft, matrices)
        self._parts = -(-n_fft // hop_length)
        window = np.sin(np.pi * np.arange(n_fft) / n_fft) ** 2
        self._window = window.astype("float32")

    def call(self, waveform):
        waveform = ops.cast(waveform, "float32")
        hop, left = self.hop_length, self.n_fft // 2
        count = ops.shape(waveform)[1] // hop
        padded = ops.pad(waveform, [[0, 0], [left, self._parts * hop - left]])
        blocks = ops.reshape(
            padded[:, : (count + self._parts - 1) * hop], (-1, count + self._parts - 1, hop)
        )
        parts = [blocks[:, part : part + count] for part in range(self._parts)]
        frames = ops.concatenate(parts, axis=-1)[:, :, : self.n_fft]
        return list(self._fourier.forward(frames * self._window))

    def compute_output_shape(self, input_shape):
        batch, samples = input_shape
        frames = None if samples is None else samples // self.hop_length
        return [(batch, frames, self.n_fft // 2 + 1)] * 2

    def get_config(self):
        return {
            **super().get_config(),
            "n_fft": self.n_fft,
            "hop_length": self.hop_length,
            "matrices": self.matrices,
        }
