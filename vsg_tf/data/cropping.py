"""Fixed-length crops of examples whose parts stay aligned: pure tensor functions."""

import tensorflow as tf


def pad_rows(values: tf.Tensor, length: int) -> tf.Tensor:
    """Zeros after the first axis up to `length`; longer input is returned as it is."""
    missing = tf.maximum(0, length - tf.shape(values)[0])
    return tf.pad(values, [[0, missing]] + [[0, 0]] * (values.shape.rank - 1))


def crop_events(events: tf.Tensor, start: tf.Tensor, duration: float, max_events: int) -> tf.Tensor:
    """Events of a crop, in its own time.

    Args:
        events: `[N, 3]` time (s), strength, duration (s).
        start: where the crop begins, s.
        duration: its length, s; events outside are removed.
        max_events: rows of the result; later events are dropped.

    Returns:
        `[max_events, 3]`; unused rows are zero.
    """
    times = events[:, 0] - start
    inside = (times >= 0) & (times < duration)
    shifted = tf.concat([times[:, None], events[:, 1:]], axis=1)
    kept = tf.boolean_mask(shifted, inside)[:max_events]
    return tf.ensure_shape(pad_rows(kept, max_events), [max_events, 3])


def random_start(length: tf.Tensor, crop: int, seed: tf.Tensor, count: int = 1) -> tf.Tensor:
    """`[count]` int32 first rows of crops that fit into `length` rows (0 where none fits)."""
    room = tf.maximum(0, length - crop)
    draw = tf.random.stateless_uniform([count], seed)
    return tf.minimum(tf.cast(draw * tf.cast(room + 1, tf.float32), tf.int32), room)


def loudest_crop(mel: tf.Tensor, crop: int, seed: tf.Tensor, tries: int = 3) -> tf.Tensor:
    """Of a few random crops `[crop, M]`, the one with most sound: a silent reference says nothing.

    Args:
        mel: `[T, M]`, T >= crop.
    """
    starts = random_start(tf.shape(mel)[0], crop, seed, tries)
    level = tf.concat([[0.0], tf.cumsum(tf.reduce_mean(mel, axis=1))], axis=0)
    sums = tf.gather(level, starts + crop) - tf.gather(level, starts)
    start = tf.gather(starts, tf.argmax(sums))
    return tf.ensure_shape(mel[start : start + crop], [crop, mel.shape[1]])
