"""A waveform at another sample rate, as a graph.

A Kaiser-windowed sinc, evaluated once for every phase between the two rates (Smith, "Digital Audio
Resampling", https://ccrma.stanford.edu/~jos/resample). Works for any two whole rates.
"""

import math

import tensorflow as tf

_CROSSINGS = 48  # zeros of the sinc on each side
_BETA = 10.0  # of the window: more than 90 dB of suppression
_ROLLOFF = 0.945  # of the lower Nyquist rate, where the filter begins to fall
_BLOCK = 8192  # samples made at once; bounds the memory


def resample(waveform: tf.Tensor, rate: tf.Tensor, target: int) -> tf.Tensor:
    """`[samples]` float32 at `rate`, an int32, to `[ceil(samples * target / rate)]` at `target`."""
    divisor = _greatest_common_divisor(rate, target)
    phases, stride = target // divisor, rate // divisor
    ratio = target / tf.cast(rate, tf.float64)
    cutoff = _ROLLOFF * tf.minimum(tf.ones_like(ratio), ratio)
    reach = _CROSSINGS / cutoff  # input samples on each side
    side = tf.cast(tf.math.ceil(reach), tf.int32)
    tap = tf.cast(tf.range(-side, side + 1), tf.float64)
    # Phase p lies p * stride / phases input samples after phase 0.
    whole = tf.range(phases) * stride // phases
    part = tf.cast(tf.range(phases) * stride % phases, tf.float64) / tf.cast(phases, tf.float64)
    distance = part[:, None] - tap[None]
    filters = tf.cast(cutoff * _sinc(cutoff * distance) * _window(distance / reach), tf.float32)
    length = tf.cast(tf.size(waveform), tf.int64)
    count = tf.cast(-(-length * target // tf.cast(rate, tf.int64)), tf.int32)
    padded = tf.pad(waveform, [[side, side + stride + 1]])

    def block(number):
        index = number * _BLOCK + tf.range(_BLOCK)
        index = tf.minimum(index, count - 1)
        phase = index % phases
        first = index // phases * stride + tf.gather(whole, phase)
        window = tf.gather(padded, first[:, None] + tf.range(2 * side + 1)[None])
        return tf.reduce_sum(window * tf.gather(filters, phase), axis=1)

    blocks = tf.map_fn(
        block,
        tf.range(-(-count // _BLOCK)),
        fn_output_signature=tf.TensorSpec([_BLOCK], tf.float32),
        parallel_iterations=2,
    )
    return tf.reshape(blocks, [-1])[:count]


def _sinc(values: tf.Tensor) -> tf.Tensor:
    values = math.pi * tf.where(values == 0, tf.constant(1e-20, values.dtype), values)
    return tf.sin(values) / values


def _window(position: tf.Tensor) -> tf.Tensor:
    """Kaiser window at -1..1; zero beyond."""
    inside = tf.sqrt(tf.maximum(1 - tf.square(position), 0.0))
    value = tf.math.bessel_i0e(_BETA * inside) * tf.exp(_BETA * (inside - 1))
    value /= tf.math.bessel_i0e(tf.constant(_BETA, position.dtype))
    return tf.where(tf.abs(position) <= 1, value, tf.zeros_like(value))


def _greatest_common_divisor(a: tf.Tensor, b: int) -> tf.Tensor:
    return tf.while_loop(lambda a, b: b > 0, lambda a, b: (b, a % b), (a, tf.constant(b)))[0]
