"""The motion front end's `normalise` as a graph."""

import tensorflow as tf

from vsg_tf.frontends.motion import normalisation as settings
from vsg_tf.frontends.motion.layout import (
    CELL_CHANNELS,
    CELL_QUANTITIES,
    CELLS,
    GLOBAL_QUANTITIES,
    REPEATED,
)


def normalise(rows: tf.Tensor) -> tf.Tensor:
    """Measures `[frames, 234]` float32 to features `[frames, 282]` float32."""
    rows = tf.sign(rows) * tf.math.log1p(tf.abs(rows) / settings.SCALES)
    rows = tf.cast(rows, tf.float64)
    cells = tf.reshape(rows[:, : -len(GLOBAL_QUANTITIES)], [-1, CELLS, len(CELL_QUANTITIES)])
    whole = rows[:, -len(GLOBAL_QUANTITIES) :]
    mean, variance = tf.nn.moments(cells, axes=[0])
    luma = tf.one_hot(CELL_QUANTITIES.index("luma"), len(CELL_QUANTITIES), dtype=tf.float64)
    cells, mean = cells - mean * luma, mean * (1 - luma)
    clip_mean = tf.reduce_mean(mean, axis=0)
    spread = tf.sqrt(tf.reduce_mean(variance + tf.square(mean - clip_mean), axis=0))
    common = (cells - clip_mean) / (spread + settings.CLIP_FLOOR)
    cell_mean, cell_variance, repeated = (
        tf.gather(values, REPEATED, axis=-1) for values in (mean, variance, cells)
    )
    own = (repeated - cell_mean) / (tf.sqrt(cell_variance) + settings.CELL_FLOOR)
    channels = tf.concat([common, own], axis=2)
    channels = tf.reshape(channels, [-1, CELLS * CELL_CHANNELS])
    mean, variance = tf.nn.moments(whole, axes=[0])
    whole = (whole - mean) / (tf.sqrt(variance) + settings.GLOBAL_FLOOR)
    return tf.cast(tf.concat([channels, whole], axis=1), tf.float32)
