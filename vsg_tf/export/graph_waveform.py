"""Long mels to waveforms, window by window, as the renderers of mels do, as a graph."""

import math

import tensorflow as tf

from vsg_tf.export.graph_chunks import join_chunks, map_chunks, plan_chunks
from vsg_tf.inference.renderers import vocoder as learnt
from vsg_tf.inference.renderers.mel_inversion import (
    FADE_SECONDS,
    OVERLAP_FRAMES,
    WINDOW_FRAMES,
)
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs, VocoderGraph


def clip_waveform(mel: tf.Tensor, graphs: NetworkGraphs, vocoder: VocoderGraph | None) -> tf.Tensor:
    """Mels `[batch, frames, n_mels]` in 0..1 to waveforms `[batch, frames * hop_length]`.

    Args:
        mel: frames are whole feature frames.
        graphs: with Griffin-Lim.
        vocoder: to be used instead, or None.
    """
    return _by_griffin_lim(mel, graphs) if vocoder is None else _by_vocoder(mel, graphs, vocoder)


def _by_vocoder(mel: tf.Tensor, graphs: NetworkGraphs, vocoder: VocoderGraph) -> tf.Tensor:
    """As `VocoderRenderer`."""
    timebase = graphs.config.timebase
    hop, unit = timebase.hop_length, timebase.mel_per_feature
    batch, frames, _ = tf.unstack(tf.shape(mel))
    sizes = (learnt.WINDOW_FRAMES // unit, learnt.OVERLAP_FRAMES // unit)
    plan = plan_chunks(frames // unit, *sizes).scaled(unit)

    def invert(start):
        waveform = vocoder(mel[:, start : start + plan.length])
        return tf.reshape(waveform, [batch, plan.length, hop])

    blocks = map_chunks(invert, plan, hop)
    return tf.reshape(join_chunks(blocks, plan, learnt.REACH_FRAMES), [batch, frames * hop])


def _by_griffin_lim(mel: tf.Tensor, graphs: NetworkGraphs) -> tf.Tensor:
    """As `MelInversion`."""
    config = graphs.config
    plan = plan_chunks(tf.shape(mel)[1], WINDOW_FRAMES, OVERLAP_FRAMES)

    def invert(window):
        index, start = window
        return graphs.griffin_lim(mel[:, start : start + plan.length], seed=index)

    windows = tf.map_fn(
        invert,
        (tf.range(tf.size(plan.starts)), plan.starts),
        fn_output_signature=tf.TensorSpec([None, None], tf.float32),
        parallel_iterations=1,
    )
    fade = config.timebase.samples_for(FADE_SECONDS)
    starts = plan.starts * config.audio.hop_length
    return tf.map_fn(
        lambda one: join_waveforms(one, starts, fade),
        tf.transpose(windows, [1, 0, 2]),
        fn_output_signature=tf.TensorSpec([None], tf.float32),
    )


def join_waveforms(windows: tf.Tensor, starts: tf.Tensor, fade: int) -> tf.Tensor:
    """Join overlapping waveforms `[windows, samples]` where each overlap is quietest.

    Args:
        windows: each begins at its sample of `starts`.
        starts: `[windows]` int32, ascending.
        fade: samples of the equal-power cross-fade.

    Returns:
        `[samples of the whole]` float32.
    """
    count, length = tf.unstack(tf.shape(windows))
    angle = (tf.range(fade, dtype=tf.float32) + 0.5) / fade * (math.pi / 2)
    pieces = tf.TensorArray(tf.float32, 2 * count - 1, element_shape=[None], infer_shape=False)

    def step(number, begin, pieces):
        before, after = windows[number], windows[number + 1]
        first = starts[number + 1] - starts[number]
        shared = length - first
        power = tf.square(before[first:]) + tf.square(after[:shared])
        sums = tf.nn.conv1d(power[None, :, None], tf.ones([fade, 1, 1]), 1, "VALID")[0, :, 0]
        cut = tf.argmin(sums, output_type=tf.int32)
        end = first + cut
        mixed = before[end : end + fade] * tf.cos(angle) + after[cut : cut + fade] * tf.sin(angle)
        pieces = pieces.write(2 * number, before[begin:end]).write(2 * number + 1, mixed)
        return number + 1, cut + fade, pieces

    _, begin, pieces = tf.while_loop(
        lambda number, *_: number < count - 1, step, (0, 0, pieces), parallel_iterations=1
    )
    return pieces.write(2 * count - 2, windows[count - 1, begin:]).concat()
