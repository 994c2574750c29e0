"""A single sound that gets no louder again once it has been loudest.

A bump in its decay would be heard as another event, of which the picture shows nothing.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from vsg_tf.grains.levels import to_samples, window_level

_STEP = 0.0025  # s between values of the level
_SMOOTHING = 2.0  # values
_AFTER = 0.03  # s after the loudest moment from which a sound has to settle
RISE_DB = 1.0  # above the quietest moment so far that is left


def settle(waveform: np.ndarray, sample_rate: int, keep: float) -> np.ndarray:
    """Lower whatever rises again.

    Args:
        waveform: `[samples, channels]` of one sound.
        sample_rate: samples per second.
        keep: s from the start that stay as they are.

    Returns:
        The same shape, float32.
    """
    window = round(_STEP * sample_rate)
    power = 10 ** (window_level(waveform, window) / 10)
    level = 10 * np.log10(gaussian_filter1d(power, _SMOOTHING, mode="nearest"))
    first = max(round(keep / _STEP), int(level.argmax()) + round(_AFTER / _STEP))
    if first >= len(level):
        return waveform
    lowest = np.minimum.accumulate(level[first:])
    gain = np.zeros(len(level))
    gain[first:] = np.minimum(lowest + RISE_DB - level[first:], 0)
    return waveform * to_samples(gain, window, -0.5, len(waveform))
