"""`scipy.signal.find_peaks` with a height and a distance, as a graph."""

import tensorflow as tf


def find_peaks(values: tf.Tensor, height: tf.Tensor, distance: int) -> tf.Tensor:
    """Local maxima that are high enough, of which the higher ones keep others at a distance.

    Args:
        values: `[frames]`.
        height: least value of a peak.
        distance: least frames between two peaks.

    Returns:
        `[peaks]` int32, ascending; of a flat top its middle, rounded down. Ends are no peaks.
    """
    change = tf.cast(tf.where(values[1:] != values[:-1])[:, 0], tf.int32) + 1
    starts = tf.concat([[0], change], axis=0)
    ends = tf.concat([change, [tf.size(values)]], axis=0) - 1
    tops = tf.gather(values, starts)
    higher = (tops[1:-1] > tops[:-2]) & (tops[1:-1] > tops[2:]) & (tops[1:-1] >= height)
    peaks = ((starts + ends) // 2)[1:-1][higher]
    return peaks[_keep_distant(peaks, tops[1:-1][higher], distance)]


def _keep_distant(peaks: tf.Tensor, tops: tf.Tensor, distance: int) -> tf.Tensor:
    order = tf.argsort(tops, direction="ASCENDING", stable=True)

    def step(turn, kept):
        peak = peaks[order[turn]]
        near = (tf.abs(peaks - peak) < distance) & (peaks != peak)
        return turn - 1, kept & ~(near & kept[order[turn]])

    _, kept = tf.while_loop(
        lambda turn, _: turn >= 0,
        step,
        (tf.size(peaks) - 1, tf.ones_like(peaks, tf.bool)),
    )
    return kept
