"""How long the events of a reference sound, as `vsg_tf.inference.voice` has it, as a graph."""

import math

import numpy as np
import tensorflow as tf

from vsg_tf.audio.graph_mel import log10
from vsg_tf.audio.onsets import SILENT
from vsg_tf.events import ENVELOPE_RANGE_DB
from vsg_tf.export.graph_filters import median
from vsg_tf.export.graph_onsets import events_from_audio
from vsg_tf.inference.voice import FALL, STRONG
from vsg_tf.timebase import TimeBase


def envelope_from_audio(waveform: tf.Tensor, timebase: TimeBase, count: tf.Tensor) -> tf.Tensor:
    """Loudness `[count]` float32 in 0..1 per feature frame of a waveform `[samples]`."""
    hop = timebase.feature_hop
    part = waveform[: count * hop]
    padded = tf.pad(part, [[0, count * hop - tf.size(part)]])
    rms = tf.sqrt(tf.reduce_mean(tf.square(tf.reshape(padded, [count, hop])), axis=1))
    loudest = tf.reduce_max(rms)
    decibels = 20 * log10(tf.maximum(rms, 1e-10) / tf.maximum(loudest, 1e-10))
    envelope = tf.clip_by_value(1 + decibels / ENVELOPE_RANGE_DB, 0.0, 1.0)
    return tf.where(loudest < SILENT, tf.zeros_like(envelope), envelope)


def ring_seconds(waveform: tf.Tensor, timebase: TimeBase) -> tf.Tensor:
    """Median time in s that stronger events take to fall by 30 dB; NaN where there is none."""
    times, strengths = events_from_audio(waveform, timebase)
    count = tf.maximum(1, -(-tf.size(waveform) // timebase.feature_hop))
    envelope = envelope_from_audio(waveform, timebase, count)
    times = times[strengths >= STRONG]
    mel_position = times * timebase.sample_rate / timebase.hop_length
    per_feature = timebase.mel_per_feature
    position = (mel_position - (per_feature - 1) / 2) / per_feature
    start = tf.clip_by_value(tf.cast(tf.round(position), tf.int32), 0, count - 1)
    near = start[:, None] + tf.range(3)[None]
    values = tf.gather(envelope, tf.minimum(near, count - 1))
    values = tf.where(near < count, values, -np.inf)
    loudest = start + tf.argmax(values, axis=1, output_type=tf.int32)
    fallen = envelope[None] < tf.gather(envelope, loudest)[:, None] - FALL
    frame = tf.range(count)[None]
    later = tf.where(fallen & (frame >= loudest[:, None]), frame, count)
    stop = tf.reduce_min(later, axis=1)
    durations = tf.cast(stop - start, tf.float64) / timebase.feature_rate
    ring = tf.cond(
        tf.size(durations) > 0,
        lambda: median(durations),
        lambda: tf.constant(math.nan, tf.float64),
    )
    return tf.cast(ring, tf.float32)
