"""`vsg_tf.frontends.motion.extraction` as a graph: pictures to features."""

import tensorflow as tf

from vsg_tf.frontends.motion.extraction import GAP, LONGEST_REPEAT, PEAKS, SAME, STILL_STEP
from vsg_tf.frontends.motion.graph_cells import LAST_SPECS, measure
from vsg_tf.frontends.motion.graph_normalisation import normalise
from vsg_tf.frontends.motion.layout import ROW
from vsg_tf.timebase import TimeBase

_BLOCK = 32  # pairs of pictures measured at once; bounds the memory
_SMALLEST_STEP = 1e-3  # s


def motion_features(pictures: tf.Tensor, times: tf.Tensor, timebase: TimeBase) -> tf.Tensor:
    """Features of timed pictures.

    Args:
        pictures: grey `[frames, 64, 96]` uint8, at least two.
        times: seconds, ascending from 0, `[frames]` float64.
        timebase: the grids.

    Returns:
        `[feature_frames, 282]` float32.
    """
    source, times = _without_gaps(times)
    kept = _kept(pictures, source, times)
    end = times[-1] + (times[-1] - times[0]) / tf.cast(tf.size(times) - 1, tf.float64)
    row_times, rows = tf.cond(
        tf.size(kept) > 1,
        lambda: _measured(pictures, tf.gather(source, kept), tf.gather(times, kept)),
        lambda: (tf.stack([times[0], times[-1] + STILL_STEP]), tf.zeros([2, ROW])),
    )
    samples = tf.round(end * timebase.sample_rate)
    count = tf.maximum(1, tf.cast(tf.math.ceil(samples / timebase.feature_hop), tf.int32))
    return normalise(_on_grid(row_times, rows, count, timebase))


def _without_gaps(times: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Which picture is seen when, with still ones in the gaps: `[pictures]` int32, float64."""
    before = tf.concat([times[:1], times[:-1]], axis=0)
    gap = times - before > GAP
    still, ready = before + STILL_STEP, times - STILL_STEP
    number = tf.range(tf.size(times))
    sources = tf.stack([number - 1, number - 1, number], axis=1)
    moments = tf.stack([still, ready, times], axis=1)
    seen = tf.stack([gap, gap & (ready > still), tf.ones_like(gap)], axis=1)
    return sources[seen], moments[seen]


def _kept(pictures: tf.Tensor, source: tf.Tensor, times: tf.Tensor) -> tf.Tensor:
    """Numbers of the moments that do not just repeat the last one that was kept, `[kept]`."""
    moments = tf.range(tf.size(source))

    def picture(moment):
        return tf.cast(pictures[source[moment]], tf.int32)

    def follow(last, moment):
        step = times[moment] - times[last]
        difference = tf.reduce_sum(tf.abs(picture(moment) - picture(last)))
        repeats = (step <= LONGEST_REPEAT) & (tf.cast(difference, tf.float32) < SAME)
        return tf.where((step <= _SMALLEST_STEP) | repeats, last, moment)

    return tf.unique(tf.scan(follow, moments, initializer=0)).y


def _measured(
    pictures: tf.Tensor, source: tf.Tensor, times: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Times and rows of kept pictures; the first one gets the measures of the second."""
    pairs = tf.size(source) - 1
    blocks = -(-pairs // _BLOCK)
    rows = tf.TensorArray(tf.float32, blocks, element_shape=[None, ROW], infer_shape=False)
    last = tuple(tf.zeros(spec.shape, spec.dtype) for spec in LAST_SPECS)

    def step(block, rows, last):
        begin = block * _BLOCK
        index = tf.range(begin, tf.minimum(begin + _BLOCK, pairs))
        before, after = (tf.gather(pictures, tf.gather(source, index + k)) for k in (0, 1))
        seconds = tf.gather(times, index + 1) - tf.gather(times, index)
        values, last = measure(before, after, seconds, last, tf.equal(block, 0))
        return block + 1, rows.write(block, values), last

    _, rows, _ = tf.while_loop(
        lambda block, *_: block < blocks, step, (0, rows, last), parallel_iterations=1
    )
    rows = rows.concat()
    return times, tf.concat([rows[:1], rows], axis=0)


def _on_grid(times: tf.Tensor, rows: tf.Tensor, count: tf.Tensor, timebase: TimeBase) -> tf.Tensor:
    """Feature frames `[count, 234]` by the values of `rows` at their mel frames."""
    sub = timebase.mel_per_feature
    wanted = tf.cast(tf.range(count * sub), tf.float64)
    wanted *= timebase.hop_length / timebase.sample_rate
    right = tf.clip_by_value(tf.searchsorted(times, wanted), 1, tf.size(times) - 1)
    begin, end = tf.gather(times, right - 1), tf.gather(times, right)
    weight = tf.cast(tf.clip_by_value((wanted - begin) / (end - begin), 0.0, 1.0), tf.float32)
    weight = weight[:, None]
    fine = tf.gather(rows, right - 1) * (1 - weight) + tf.gather(rows, right) * weight
    fine = tf.reshape(fine, [count, sub, ROW])
    return tf.where(PEAKS, tf.reduce_max(fine, axis=1), tf.reduce_mean(fine, axis=1))
