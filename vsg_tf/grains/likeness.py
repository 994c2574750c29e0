"""Where a waveform goes on most as another one does."""

import numpy as np
from scipy.signal import fftconvolve

_TINY = 1e-9


def best_offset(target: np.ndarray, searched: np.ndarray) -> int:
    """Where in `searched` `[samples]` lies the stretch most like `target` `[fewer samples]`."""
    if len(searched) <= len(target):
        return 0
    match = fftconvolve(searched, target[::-1], mode="valid")
    sums = np.concatenate([[0.0], np.cumsum(np.square(searched, dtype=np.float64))])
    power = sums[len(target) :] - sums[: -len(target)]
    return int(np.argmax(match / np.sqrt(np.maximum(power, 0) + _TINY)))
