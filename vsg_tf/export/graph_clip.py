"""Whole clips through the networks, chunk by chunk, as `vsg_tf.inference` does."""

import tensorflow as tf

from vsg_tf.export.graph_chunks import join_chunks, map_chunks, plan_chunks
from vsg_tf.export.graph_picking import fit_durations, pick_events
from vsg_tf.export.graph_reference import background_mel
from vsg_tf.inference.decoding import SOUNDING_MARGIN, decoder_chunk
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs
from vsg_tf.inference.synthesizer import ENCODER_FRAMES, ENCODER_OVERLAP


def plan_events(features: tf.Tensor, ring: tf.Tensor, graphs: NetworkGraphs) -> tf.Tensor:
    """What is played: the picture's events, sounding as long as the reference's.

    Args:
        features: `[batch, T, F]`.
        ring: seconds that the reference's events sound, `[batch]`; NaN: as the picture tells.
        graphs: the networks.

    Returns:
        `[batch, events, 3]` float32: time in s, strength, duration in s; unused rows are zero.
    """
    config = graphs.config
    plan = plan_chunks(tf.shape(features)[1], ENCODER_FRAMES, ENCODER_OVERLAP)
    logits = map_chunks(
        lambda start: graphs.event_logits(features[:, start : start + plan.length]), plan, 3
    )

    def pick(example):
        logits, ring = example
        events = pick_events(logits, config.timebase, config.model.events)
        return tf.RaggedTensor.from_tensor(tf.cast(fit_durations(events, ring), tf.float32))

    events = tf.map_fn(
        pick,
        (join_chunks(logits, plan), ring),
        fn_output_signature=tf.RaggedTensorSpec([None, 3], tf.float32, ragged_rank=1),
    )
    return events.to_tensor(shape=[None, None, 3])


def clip_mel(
    drive: tf.Tensor,
    code: dict[str, tf.Tensor],
    reference_mel: tf.Tensor,
    background: tf.Tensor,
    frames: tf.Tensor,
    graphs: NetworkGraphs,
) -> tf.Tensor:
    """Mels `[batch, frames * mel_per_feature, n_mels]` in 0..1 of whole clips.

    Args:
        drive: events `[batch, events, 3]` (rows of strength 0 are unused), or features
            `[batch, frames, F]` for models without events.
        code: of the references.
        reference_mel: `[batch, any, n_mels]`, with its background.
        background: how much of that is wanted, `[batch]` in 0..1.
        frames: feature frames.
        graphs: the networks.
    """
    config = graphs.config
    timebase = config.timebase
    plan = plan_chunks(frames, *decoder_chunk(config))

    def decode(start):
        if graphs.hears_events:
            part = _local_events(drive, start, start + plan.length, timebase.feature_rate)
        else:
            part = drive[:, start : start + plan.length]
        noise = background_mel(reference_mel, background, timebase.mel_frames(plan.length))
        return graphs.decode(part, code, noise, plan.length)

    mel = map_chunks(decode, plan, config.audio.n_mels)
    return join_chunks(mel, plan.scaled(timebase.mel_per_feature))


def _local_events(events: tf.Tensor, start: tf.Tensor, stop: tf.Tensor, rate: float) -> tf.Tensor:
    """Events that sound in a chunk, times from its first frame; the others are zero rows."""
    begin, end = tf.cast(start, tf.float64) / rate, tf.cast(stop, tf.float64) / rate
    earliest = tf.cast(begin - SOUNDING_MARGIN, tf.float32)
    latest = tf.cast(end + SOUNDING_MARGIN, tf.float32)
    time, strength, duration = tf.unstack(events, axis=2)
    sounding = (time + duration > earliest) & (time < latest)
    rows = tf.stack([time - tf.cast(begin, tf.float32), strength, duration], axis=2)
    rows = tf.where(sounding[:, :, None], rows, 0.0)
    # One unused row more, so that there is one where nothing happens.
    return tf.pad(rows, [[0, 0], [0, 1], [0, 0]])
