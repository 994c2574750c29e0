"""`vsg_tf.timing.picture.pick_events` and `vsg_tf.inference.voice.lengthened` as graphs."""

import numpy as np
import tensorflow as tf

from vsg_tf.config import EventsConfig
from vsg_tf.export.graph_filters import gaussian, median, percentile
from vsg_tf.export.graph_peaks import find_peaks
from vsg_tf.timebase import TimeBase
from vsg_tf.timing import picture as settings


def pick_events(logits: tf.Tensor, timebase: TimeBase, config: EventsConfig) -> tf.Tensor:
    """Curves' logits `[feature_frames, 3]` to events `[events, 3]` float64.

    Columns: time in s, strength in 0..1, duration in s; ascending in time.
    """
    envelope, onset, strength = tf.unstack(tf.cast(logits, tf.float64), axis=1)
    onset = gaussian(tf.sigmoid(onset)[None], settings.ONSET_SMOOTHING, "reflect")[0]
    height = tf.reduce_mean(onset) + config.threshold * tf.math.reduce_std(onset)
    height = tf.maximum(height, settings.LEAST_ONSET)
    low = tf.reduce_min(onset)[None] - 1
    gap = max(1, round(config.min_gap * timebase.feature_rate))
    peaks = find_peaks(tf.concat([low, onset, low], axis=0), height, gap) - 1
    first, frame = timebase.feature_times(2)[0], 1 / timebase.feature_rate
    times = first + (tf.cast(peaks, tf.float64) + _peak_offsets(onset, peaks)) * frame
    width = settings.STRENGTH_SUM
    summed = tf.signal.frame(tf.pad(tf.sigmoid(strength), [[width // 2, width // 2]]), width, 1)
    levels = tf.gather(_relative(tf.reduce_sum(summed, axis=1)), peaks)
    durations = _durations(_relative(envelope), peaks, frame)
    events = tf.stack([tf.maximum(times, 0.0), 1 / 3 + 2 / 3 * levels, durations], axis=1)
    events = _rounded(events)
    return tf.gather(events, tf.argsort(events[:, 0], stable=True))


def fit_durations(events: tf.Tensor, ring: tf.Tensor) -> tf.Tensor:
    """Let events `[events, 3]` float64 sound as long as the reference's, `ring` s (NaN: as is)."""

    def fitted():
        durations, seconds = events[:, 2], tf.cast(ring, tf.float64)
        ratio = tf.clip_by_value(durations / median(durations), 0.5, 2.0)
        lengths = tf.clip_by_value(seconds * ratio, settings.SHORTEST, settings.LONGEST)
        return tf.stack([events[:, 0], events[:, 1], _rounded(lengths)], axis=1)

    known = ~tf.math.is_nan(ring) & (tf.shape(events)[0] > 0)
    return tf.cond(known, fitted, lambda: events)


def _rounded(values: tf.Tensor) -> tf.Tensor:
    scale = 10.0**settings.DECIMALS
    return tf.round(values * scale) / scale


def _relative(values: tf.Tensor) -> tf.Tensor:
    low, high = percentile(values, 20), percentile(values, 99)
    return tf.clip_by_value((values - low) / tf.maximum(high - low, 1e-6), 0.0, 1.0)


def _peak_offsets(curve: tf.Tensor, peaks: tf.Tensor) -> tf.Tensor:
    last = tf.size(curve) - 1
    before, at, after = (
        tf.gather(curve, tf.clip_by_value(peaks + shift, 0, last)) for shift in (-1, 0, 1)
    )
    bend = before - 2 * at + after
    offset = tf.clip_by_value(tf.math.divide_no_nan(0.5 * (before - after), bend), -0.5, 0.5)
    sharp = (tf.abs(bend) >= 1e-9) & (peaks > 0) & (peaks < last)
    return tf.where(sharp, offset, tf.zeros_like(offset))


def _durations(envelope: tf.Tensor, peaks: tf.Tensor, frame: float) -> tf.Tensor:
    length = tf.size(envelope)
    ends = tf.concat([peaks[1:], length[None]], axis=0)[: tf.size(peaks)]
    near = peaks[:, None] + tf.range(settings.LOUDEST_WITHIN)[None]
    values = tf.gather(envelope, tf.minimum(near, length - 1))
    values = tf.where(near < ends[:, None], values, -np.inf)
    loudest = peaks + tf.argmax(values, axis=1, output_type=tf.int32)
    over = tf.cast(tf.where(envelope < settings.OVER)[:, 0], tf.int32)
    over = tf.concat([over, length[None]], axis=0)
    stop = tf.minimum(tf.gather(over, tf.searchsorted(over, loudest)), ends)
    seconds = tf.cast(stop - peaks, tf.float64) * frame
    return tf.clip_by_value(seconds, settings.SHORTEST, settings.LONGEST)
