"""Where one stretch of a recording goes over into another without being heard."""

import numpy as np

from vsg_tf.grains.levels import excerpt

SEARCH = 0.012  # s to both sides in which waveforms are lined up
_WINDOW = 0.035  # s that are compared
_TINY = 1e-12


def line_up(
    mono: np.ndarray, leave: int, enter: np.ndarray, sample_rate: int
) -> tuple[np.ndarray, np.ndarray]:
    """Move entries so that their waveforms go on as the one that is left does.

    Args:
        mono: `[samples]`, of all recordings.
        leave: sample at which a stretch is left.
        enter: samples at which others may be entered, `[entries]`.
        sample_rate: samples per second.

    Returns:
        The entries moved by up to 12 ms, and how alike the waveforms are there, -1..1.
    """
    half, search = round(_WINDOW / 2 * sample_rate), round(SEARCH * sample_rate)
    target = excerpt(mono[:, None], leave - half, 2 * half)[:, 0].astype(np.float64)
    size = 1 << (2 * (half + search) + 2 * half - 1).bit_length()
    starts = enter - half - search
    around = np.stack([excerpt(mono[:, None], s, 2 * (half + search))[:, 0] for s in starts])
    spectra = np.fft.rfft(around, size, axis=1) * np.conj(np.fft.rfft(target, size))
    match = np.fft.irfft(spectra, size, axis=1)[:, : 2 * search + 1]
    sums = np.cumsum(np.pad(np.square(around, dtype=np.float64), ((0, 0), (1, 0))), axis=1)
    power = sums[:, 2 * half :] - sums[:, : -2 * half]
    alike = match / np.sqrt(np.maximum(power * (target @ target), _TINY))
    best = alike.argmax(axis=1)
    return enter + best - search, alike[np.arange(len(enter)), best]


def cross_fade(count: int, alike: float) -> tuple[np.ndarray, np.ndarray]:
    """Factors for the end of one stretch and the beginning of the next, `[count, 1]` float32.

    Their sum keeps the level, whether the waveforms are the same (1) or have nothing in common (0).
    """
    at = (np.arange(count) + 0.5) / count
    rising, falling = np.sin(np.pi / 2 * at) ** 2, np.cos(np.pi / 2 * at) ** 2
    total = np.sqrt(rising**2 + falling**2 + 2 * np.clip(alike, 0, 1) * rising * falling)
    return tuple((one / total).astype(np.float32)[:, None] for one in (falling, rising))
