"""The Fourier transform of real frames, by FFT or by matrices."""

import numpy as np
from keras import ops

from vsg_tf.audio.folded_dft import FoldedDFT


class RealFourier:
    """Transform and inverse transform of frames of `n_fft` real samples.

    Args:
        n_fft: samples of a frame, even.
        matrices: multiply by those of `FoldedDFT` instead: for runtimes that know no FFT. The same
            numbers, to rounding; several times slower.
    """

    def __init__(self, n_fft: int, matrices: bool):
        self.n_fft = n_fft
        self._dft = FoldedDFT(n_fft) if matrices else None
        if matrices:
            bins = self._dft.bins.reshape(-1)
            # A folded spectrum holds some bins twice: the first of each is read.
            self._first = np.unique(bins, return_index=True)[1].astype("int32")
            self._first_sign = self._dft.signs.reshape(-1)[self._first]
            self._bins = bins.astype("int32")
            self._signs = self._dft.signs.reshape(-1)

    def forward(self, frames):
        """Real and imaginary parts `[B, T, n_fft // 2 + 1]` of frames `[B, T, n_fft]`."""
        dft = self._dft
        if dft is None:
            return ops.rfft(frames)
        count = ops.shape(frames)[1]
        signal = ops.transpose(frames, (0, 2, 1))
        signal = ops.reshape(signal, (-1, dft.first, dft.second * count))
        folded = ops.reshape(ops.matmul(dft.split, signal), (-1, dft.rows, 2 * dft.second, count))
        folded = ops.reshape(ops.matmul(dft.twist, folded), (-1, dft.rows, 2, dft.second, count))
        real, imaginary = (
            ops.take(self._unfolded(folded[:, :, part]), self._first, axis=2) for part in (0, 1)
        )
        return real, imaginary * self._first_sign

    def inverse(self, real, imaginary):
        """Frames `[B, T, n_fft]` of real and imaginary parts `[B, T, n_fft // 2 + 1]`."""
        dft = self._dft
        if dft is None:
            return ops.irfft((real, imaginary), self.n_fft)
        count = ops.shape(real)[1]
        parts = (
            ops.take(real, self._bins, axis=2),
            ops.take(imaginary, self._bins, axis=2) * self._signs,
        )
        folded = [
            ops.reshape(ops.transpose(part, (0, 2, 1)), (-1, dft.rows, 1, dft.second, count))
            for part in parts
        ]
        folded = ops.reshape(ops.concatenate(folded, axis=2), (-1, dft.rows, 2 * dft.second, count))
        signal = ops.matmul(np.ascontiguousarray(dft.twist.transpose(0, 2, 1)), folded)
        signal = ops.reshape(signal, (-1, 2 * dft.rows, dft.second * count))
        signal = ops.reshape(ops.matmul(dft.join, signal), (-1, self.n_fft, count))
        return ops.transpose(signal, (0, 2, 1))

    def _unfolded(self, values):
        """`[B, rows, columns, T]` as `[B, T, rows * columns]`."""
        dft = self._dft
        flat = ops.reshape(values, (-1, dft.rows * dft.second, ops.shape(values)[3]))
        return ops.transpose(flat, (0, 2, 1))
