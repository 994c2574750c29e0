"""`vsg_tf.audio.background.suppress_background` as a graph."""

import tensorflow as tf

from vsg_tf.audio import background as settings
from vsg_tf.audio.graph_mel import log10
from vsg_tf.audio.mel import RANGE_DB, level_db
from vsg_tf.export.graph_filters import gaussian


def suppress_background(mel: tf.Tensor) -> tf.Tensor:
    """Spectral subtraction on mels `[batch, frames, n_mels]` in 0..1; the same shape, float32."""
    power = tf.pow(tf.constant(10.0, tf.float64), level_db(tf.cast(mel, tf.float64)) / 10)
    energy = tf.reduce_mean(power, axis=2)
    order = tf.argsort(energy, axis=1, stable=True)
    frames = tf.shape(mel)[1]
    quiet = order[:, : _part(frames, settings.QUIETEST)]
    loud = order[:, frames - _part(frames, settings.LOUDEST) :]
    floor = tf.reduce_mean(tf.gather(power, quiet, batch_dims=1), axis=1, keepdims=True)
    low, high = (
        tf.reduce_mean(tf.gather(energy, index, batch_dims=1), axis=1) for index in (quiet, loud)
    )
    least, most = settings.NO_CONTRAST_DB, settings.FULL_CONTRAST_DB
    amount = tf.clip_by_value((10 * log10(high / low) - least) / (most - least), 0.0, 1.0)
    removed = amount[:, None, None] * settings.EXCESS * floor / power
    kept = tf.maximum(1 - removed, 10 ** (-settings.MOST_DB / 10))
    lowered = 10 * log10(gaussian(kept, settings.SMOOTHING, "nearest"))
    return tf.cast(
        tf.clip_by_value(tf.cast(mel, tf.float64) + lowered / RANGE_DB, 0.0, 1.0), tf.float32
    )


def _part(frames: tf.Tensor, share: float) -> tf.Tensor:
    return tf.maximum(1, tf.cast(tf.round(share * tf.cast(frames, tf.float64)), tf.int32))
