"""WAV files in and out, as a graph."""

import tensorflow as tf

from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.audio.reading import LONGEST_REFERENCE
from vsg_tf.export.graph_resampling import resample
from vsg_tf.graph_checks import checked

MOST_BYTES = 64_000_000
LOWEST_RATE, HIGHEST_RATE = 4000, 192_000
_HEADER = 44  # bytes of the shortest header


def decode_wav(encoded: tf.Tensor, sample_rate: int) -> tf.Tensor:
    """A WAV file of 16-bit PCM, any channels, to `[samples]` float32 mono at `sample_rate`.

    Only the first minute is read.

    Raises:
        tf.errors.InvalidArgumentError: the file is another format, damaged, empty or too large.
    """
    size = tf.strings.length(encoded)
    encoded = checked(
        encoded,
        (size >= _HEADER) & (size <= MOST_BYTES),
        f"reference_wav is empty, cut off, or larger than {MOST_BYTES} bytes; send a WAV file of "
        f"up to {LONGEST_REFERENCE:g} s.",
    )
    is_wav = (tf.strings.substr(encoded, 0, 4) == b"RIFF") & (
        tf.strings.substr(encoded, 8, 4) == b"WAVE"
    )
    encoded = checked(
        encoded, is_wav, "reference_wav is not a WAV file; convert it to 16-bit PCM WAV."
    )
    channels, rate = tf.audio.decode_wav(encoded)
    rate = checked(
        rate,
        (rate >= LOWEST_RATE) & (rate <= HIGHEST_RATE),
        f"reference_wav must have {LOWEST_RATE} to {HIGHEST_RATE} samples per second.",
    )
    most = tf.cast(tf.round(LONGEST_REFERENCE * tf.cast(rate, tf.float64)), tf.int32)
    waveform = tf.reduce_mean(channels[:most], axis=1)
    waveform = checked(
        waveform, tf.size(waveform) > 0, "reference_wav holds no sound samples; export it again."
    )
    return tf.cond(
        tf.equal(rate, sample_rate),
        lambda: waveform,
        lambda: resample(waveform, rate, sample_rate),
    )


def encode_wav(waveform: tf.Tensor, sample_rate: int) -> tf.Tensor:
    """`[samples]` float32 to a WAV file of 16-bit PCM; scaled down where it is too loud."""
    ceiling = 10 ** (PEAK_CEILING_DB / 20)
    peak = tf.reduce_max(tf.abs(waveform))
    waveform = waveform * tf.minimum(1.0, ceiling / tf.maximum(peak, 1e-10))
    return tf.audio.encode_wav(waveform[:, None], sample_rate)
