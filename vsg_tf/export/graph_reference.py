"""`vsg_tf.inference.voice` as a graph: a recording made ready for the acoustic encoder."""

import tensorflow as tf

from vsg_tf.audio.channels import LEAST_OFFSET
from vsg_tf.audio.graph_mel import GraphLogMel
from vsg_tf.audio.reading import LONGEST_REFERENCE, SHORTEST_REFERENCE, SILENCE_DB
from vsg_tf.config import Config
from vsg_tf.export.graph_background import suppress_background
from vsg_tf.export.graph_filters import median
from vsg_tf.export.graph_ring import ring_seconds
from vsg_tf.graph_checks import checked, finite
from vsg_tf.inference.voice import PEAK, SHORTEST_MEL


def prepare_reference(
    waveform: tf.Tensor, config: Config
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """What inference needs to know of recordings.

    Args:
        waveform: `[batch, samples]` at the model's sample rate; only the first minute is used.
        config: of the model.

    Returns:
        Mel `[batch, mel_frames, n_mels]` at a standard level, the same without its background,
        and how long its events ring in s, `[batch]` (NaN: it has none).

    Raises:
        tf.errors.InvalidArgumentError: not finite, shorter than 0.05 s, or silent.
    """
    rate = config.audio.sample_rate
    waveform = finite(waveform[:, : round(LONGEST_REFERENCE * rate)], "reference")
    least = SHORTEST_REFERENCE * rate
    waveform = checked(
        waveform,
        tf.cast(tf.shape(waveform)[1], tf.float32) >= least,
        f"reference is shorter than {SHORTEST_REFERENCE} s; send a longer sound.",
    )
    waveform = without_offset(waveform)
    peak = tf.reduce_max(tf.abs(waveform), axis=1, keepdims=True)
    waveform = checked(
        waveform,
        tf.reduce_all(peak >= 10 ** (SILENCE_DB / 20)),
        "reference is silent; send a recording with a sound in it.",
    )
    waveform = waveform * (PEAK / peak)
    mel = GraphLogMel(config.audio)(waveform)
    frames = tf.shape(mel)[1]
    wanted = tf.maximum(frames, -(-SHORTEST_MEL // frames) * frames)
    mel = tf.gather(mel, tf.range(wanted) % frames, axis=1)
    ring = tf.map_fn(
        lambda one: ring_seconds(one, config.timebase),
        waveform,
        fn_output_signature=tf.TensorSpec([], tf.float32),
    )
    return mel, suppress_background(mel), ring


def without_offset(waveform: tf.Tensor) -> tf.Tensor:
    """Waveforms `[batch, samples]` as `vsg_tf.audio.channels.without_offset` leaves them."""
    mean = tf.reduce_mean(waveform, axis=1, keepdims=True)
    middle = tf.map_fn(median, waveform)[:, None]
    offset = tf.sign(mean) * tf.minimum(tf.abs(mean), tf.abs(middle))
    heard = (mean * middle > 0) & (tf.abs(offset) >= LEAST_OFFSET)
    return waveform - tf.where(heard, offset, tf.zeros_like(offset))


def background_mel(mel: tf.Tensor, amount: tf.Tensor, frames: tf.Tensor) -> tf.Tensor:
    """Reference mels `[batch, any, n_mels]`, repeated over `frames`, at `amount` `[batch]`."""
    repeated = tf.gather(mel, tf.range(frames) % tf.shape(mel)[1], axis=1)
    return repeated * amount[:, None, None]
