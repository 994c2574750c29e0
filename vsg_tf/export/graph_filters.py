"""Filters along time as SciPy and NumPy define them, as graphs."""

import numpy as np
import tensorflow as tf

_TRUNCATE = 4.0  # standard deviations, SciPy's default


def gaussian(values: tf.Tensor, sigma: float, mode: str) -> tf.Tensor:
    """`scipy.ndimage.gaussian_filter1d` along axis 1.

    Args:
        values: `[batch, time, ...]`.
        sigma: standard deviation in frames.
        mode: what lies beyond the ends: `nearest` (the last value) or `reflect` (mirrored about
            the end, as often as needed).
    """
    radius = int(_TRUNCATE * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    length = tf.shape(values)[1]
    index = tf.range(-radius, length + radius)
    if mode == "nearest":
        index = tf.clip_by_value(index, 0, length - 1)
    else:
        index = tf.math.floormod(index, 2 * length)
        index = tf.minimum(index, 2 * length - 1 - index)
    padded = tf.gather(values, index, axis=1)
    return tf.add_n(
        [
            tf.constant(weight, values.dtype) * padded[:, shift : shift + length]
            for shift, weight in enumerate(weights)
        ]
    )


def percentile(values: tf.Tensor, share: float) -> tf.Tensor:
    """`numpy.percentile` (linear) of `[values]` at `share` of 100."""
    ordered = tf.sort(values)
    last = tf.size(values) - 1
    position = tf.constant(share / 100, values.dtype) * tf.cast(last, values.dtype)
    below = tf.cast(tf.floor(position), tf.int32)
    weight = position - tf.floor(position)
    low, high = ordered[below], ordered[tf.minimum(below + 1, last)]
    return low + (high - low) * weight


def median(values: tf.Tensor) -> tf.Tensor:
    """Median of `[values]`: of an even number the mean of the middle two."""
    ordered = tf.sort(values)
    count = tf.size(values)
    return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2


def spaced(positions: tf.Tensor, gap: float) -> tf.Tensor:
    """Which of some positions are at least `gap` after the last one that was taken, `[count]`."""
    positions = tf.cast(positions, tf.float64)
    never = tf.constant(-1e12, tf.float64)
    taken = tf.scan(
        lambda last, position: tf.where(position - last >= gap, position, last),
        positions,
        initializer=never,
    )
    before = tf.concat([never[None], taken[:-1]], axis=0)[: tf.size(positions)]
    return positions - before >= gap
