"""Light variation of motion features in training; off unless `data.feature_augmentation`."""

import tensorflow as tf

from vsg_tf.frontends.motion.layout import CELL_CHANNELS, CELLS, GLOBAL_QUANTITIES

GLOBALS = len(GLOBAL_QUANTITIES)

_GAIN = 0.15  # standard deviation of the log gain of a channel
_CELL_NOISE, _GLOBAL_NOISE = 0.15, 0.1  # features have about unit deviation
_DROP_CELLS, _MOST_DROPPED = 0.5, 5
_DROP_CHANNEL = 0.3


def augment_motion(features: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
    """Channel gains, noise, dropped cells and a dropped channel.

    Args:
        features: `[T, 282]` from the motion front end.
        seed: `[2]` integers; the same seed gives the same result.

    Returns:
        `[T, 282]`.
    """
    seeds = iter(tf.unstack(tf.random.split(seed, 8)))
    frames = tf.shape(features)[0]
    cells = tf.reshape(features[:, : CELLS * CELL_CHANNELS], [frames, CELLS, CELL_CHANNELS])
    whole = features[:, CELLS * CELL_CHANNELS :]

    def normal(shape: list, deviation: float) -> tf.Tensor:
        return tf.random.stateless_normal(shape, next(seeds)) * deviation

    def uniform(shape: list) -> tf.Tensor:
        return tf.random.stateless_uniform(shape, next(seeds))

    cells *= tf.exp(normal([1, 1, CELL_CHANNELS], _GAIN))
    whole *= tf.exp(normal([1, GLOBALS], _GAIN))
    cells += normal([frames, CELLS, CELL_CHANNELS], _CELL_NOISE)
    whole += normal([frames, GLOBALS], _GLOBAL_NOISE)
    # The cells with the lowest draws go: 1 to 5 of them, in half of the crops.
    choice = uniform([2])
    count = 1 + tf.cast(choice[0] * _MOST_DROPPED, tf.int32)
    count = tf.where(choice[1] < _DROP_CELLS, count, 0)
    rank = tf.argsort(tf.argsort(uniform([CELLS])))
    cells *= tf.cast(rank >= count, tf.float32)[None, :, None]
    channel = uniform([2])
    dropped = tf.cast(channel[0] * CELL_CHANNELS, tf.int32)
    dropped = tf.where(channel[1] < _DROP_CHANNEL, dropped, -1)
    cells *= tf.cast(tf.range(CELL_CHANNELS) != dropped, tf.float32)[None, None]
    flat = tf.reshape(cells, [frames, CELLS * CELL_CHANNELS])
    return tf.ensure_shape(tf.concat([flat, whole], axis=1), features.shape)
