"""The Fourier transform of real frames, by FFT or by matrices."""

import numpy as np
from keras import ops


class RealFourier:
    """Transform and inverse transform of frames of `n_fft` real samples.

    A real frame's cosine part is symmetric and its sine part antisymmetric, so that of each matrix
    a quarter is enough.

    Args:
        n_fft: samples of a frame, even.
        matrices: multiply by matrices instead: for runtimes that know no FFT. The same numbers, to
            rounding; several times slower.
    """

    def __init__(self, n_fft: int, matrices: bool):
        self.n_fft = n_fft
        self.matrices = matrices
        bins = np.arange(n_fft // 2 + 1)
        turns = 2 * np.pi / n_fft * np.outer(bins, bins)
        if matrices:
            self._cosines = np.cos(turns).astype("float32")
            self._sines = -np.sin(turns).astype("float32")
            # All bins but the first and the last stand for themselves and their conjugate.
            self._weight = (np.where(bins % bins[-1] == 0, 1.0, 2.0) / n_fft).astype("float32")

    def forward(self, frames):
        """Real and imaginary parts `[B, T, n_fft // 2 + 1]` of frames `[B, T, n_fft]`."""
        if not self.matrices:
            return ops.rfft(frames)
        half = self.n_fft // 2
        first, last = frames[..., 1:half], ops.flip(frames[..., half + 1 :], axis=-1)
        ends, middle = frames[..., :1], frames[..., half : half + 1]
        even = ops.concatenate([ends, first + last, middle], axis=-1)
        odd = ops.concatenate([0.0 * ends, first - last, 0.0 * middle], axis=-1)
        return ops.matmul(even, self._cosines), ops.matmul(odd, self._sines)

    def inverse(self, real, imaginary):
        """Frames `[B, T, n_fft]` of real and imaginary parts `[B, T, n_fft // 2 + 1]`."""
        if not self.matrices:
            return ops.irfft((real, imaginary), self.n_fft)
        even = ops.matmul(real * self._weight, self._cosines)  # samples 0 .. n_fft / 2
        odd = ops.matmul(imaginary * self._weight, self._sines)
        rest = ops.flip((even - odd)[..., 1:-1], axis=-1)
        return ops.concatenate([even + odd, rest], axis=-1)
