"""The discrete Fourier transform of real signals as two multiplications by real matrices.

For runtimes that know no FFT. The first step of Cooley and Tukey ("An algorithm for the machine
calculation of complex Fourier series", 1965) splits a transform of first * second samples in two,
which for 1024 samples takes a tenth of the multiplications of one matrix. Nothing is reordered:
the spectrum stays in the order in which it falls out, "folded", with frames on the last axis.
"""

import numpy as np


class FoldedDFT:
    """Real matrices and the order of their spectrum.

    A folded spectrum is `[batch, rows, 2, columns, frames]`, real parts before imaginary ones.
    Entry `(row, column)` is bin `bins[row, column]`, conjugated where `signs[row, column]` is -1.
    A few bins occur twice, once conjugated.

    With a signal `[batch, n_fft, frames]` reshaped to `[batch, first, second * frames]`, the
    transform is `split @ signal`, reshaped to `[batch, rows, 2 * second, frames]`, then
    `twist @ ...`. The inverse is `twist^T @ spectrum`, then `join @ ...`.

    Args:
        n_fft: samples of a frame. The more evenly it factors, the faster; a prime is slow.

    Attributes:
        split: `[2 * rows, first]` float32.
        twist: `[rows, 2 * second, 2 * second]` float32.
        join: `[first, 2 * rows]` float32.
        bins, signs: `[rows, columns]`, columns = second.
    """

    def __init__(self, n_fft: int):
        self.n_fft = n_fft
        divisors = [n for n in range(1, n_fft + 1) if n_fft % n == 0]
        self.first = min(divisors, key=lambda first: _cost(first, n_fft // first))
        self.second = n_fft // self.first
        self.rows = self.first // 2 + 1  # the others are conjugates of these
        row, column = np.arange(self.rows), np.arange(self.second)
        wave = np.exp(-2j * np.pi / self.first * np.outer(row, np.arange(self.first)))
        parts = np.stack([wave.real, wave.imag], axis=1)
        self.split = parts.reshape(2 * self.rows, self.first).astype(np.float32)
        # Rows with a conjugate among the rows that were left out count for it, too.
        weights = np.where((row > 0) & (2 * row != self.first), 2.0, 1.0) / n_fft
        join = parts * weights[:, None, None]
        self.join = join.reshape(2 * self.rows, self.first).T.astype(np.float32)
        number = row[:, None] + self.first * column  # [rows, columns]
        wave = np.exp(-2j * np.pi / n_fft * number[:, :, None] * np.arange(self.second))
        self.twist = np.block([[wave.real, -wave.imag], [wave.imag, wave.real]]).astype(np.float32)
        self.bins = np.minimum(number, n_fft - number)
        self.signs = np.where(2 * number > n_fft, -1.0, 1.0).astype(np.float32)


def _cost(first: int, second: int) -> int:
    """Multiplications of one transform."""
    rows = first // 2 + 1
    return 2 * rows * first * second + rows * (2 * second) ** 2
