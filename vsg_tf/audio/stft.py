"""Short-time spectra in NumPy."""

import numpy as np


def hann(length: int) -> np.ndarray:
    """Periodic Hann window, `[length]` float64."""
    return np.sin(np.pi * np.arange(length) / length) ** 2


def frames_of(waveform: np.ndarray, length: int, hop: int) -> np.ndarray:
    """Overlapping frames without copying, read-only.

    Args:
        waveform: `[samples]`, at least `length` of them.
        length: samples of a frame.
        hop: samples from the start of one frame to that of the next.

    Returns:
        `[1 + (samples - length) // hop, length]`.
    """
    return np.lib.stride_tricks.sliding_window_view(waveform, length)[::hop]


def stft(waveform: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """Spectra of the Hann-windowed frames that lie wholly inside a waveform.

    Args:
        waveform: `[samples]`, at least `n_fft` of them.
        n_fft: samples of a frame.
        hop: samples from the start of one frame to that of the next.

    Returns:
        `[frames, n_fft // 2 + 1]` complex64, the numbers of `librosa.stft(..., center=False)`.
    """
    frames = frames_of(np.asarray(waveform, np.float32), n_fft, hop)
    return np.fft.rfft(frames * hann(n_fft), axis=-1).astype(np.complex64)
