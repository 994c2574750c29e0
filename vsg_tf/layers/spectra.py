"""Short-time spectra of waveforms, for losses and discriminators."""

import numpy as np
from keras import ops


def short_time_spectra(waveform, n_fft: int):
    """Hann-windowed spectra, `n_fft // 4` samples apart; beyond both ends there is silence.

    Args:
        waveform: `[B, S]`.
        n_fft: samples of a frame, a multiple of 4.

    Returns:
        Real and imaginary parts `[B, ceil(4 S / n_fft) + 1, n_fft // 2 + 1]` float32.
    """
    hop = n_fft // 4
    waveform = ops.cast(waveform, "float32")
    missing = -ops.shape(waveform)[1] % hop
    waveform = ops.pad(waveform, [[0, 0], [n_fft // 2, n_fft // 2 + missing]])
    blocks = ops.reshape(waveform, (ops.shape(waveform)[0], -1, hop))
    count = ops.shape(blocks)[1] - 3
    frames = ops.concatenate([blocks[:, i : i + count] for i in range(4)], axis=-1)
    window = np.sin(np.pi * np.arange(n_fft) / n_fft).astype("float32") ** 2
    return ops.rfft(frames * window)
