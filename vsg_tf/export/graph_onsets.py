"""Attacks heard in a sound, as `vsg_tf.audio.onsets.events_from_audio`, as a graph.

The onset strength and its peaks are those of librosa (`onset_strength`, `onset_detect`).
"""

import math

import numpy as np
import tensorflow as tf

from vsg_tf.audio import onsets as settings
from vsg_tf.audio.graph_mel import log10
from vsg_tf.audio.mel import mel_filters
from vsg_tf.audio.peak_picking import ABOVE, AROUND, NEAR
from vsg_tf.events import STRENGTH_RANGE_DB
from vsg_tf.export.graph_filters import spaced
from vsg_tf.timebase import TimeBase


def events_from_audio(waveform: tf.Tensor, timebase: TimeBase) -> tuple[tf.Tensor, tf.Tensor]:
    """Attacks of a waveform `[samples]` float32.

    Returns:
        Times in s and strengths 0..1, each `[events]` float32.
    """
    missing = tf.maximum(0, settings.SHORTEST - tf.size(waveform))
    waveform = tf.pad(waveform, [[0, missing]])
    level = fine_level(waveform)
    onsets = onset_frames(onset_strength(waveform, timebase), timebase)
    audible = tf.reduce_max(level) > 20 * math.log10(settings.SILENT)
    onsets = onsets[: tf.where(audible, tf.size(onsets), 0)]
    rate = timebase.sample_rate / settings.LEVEL_HOP
    times = tf.cast(onsets, tf.float64) * (timebase.hop_length / timebase.sample_rate)
    starts, peaks = _attacks(level, times, rate)
    apart = spaced(starts, settings.MIN_GAP * rate)
    starts, peaks = starts[apart], peaks[apart]
    loudest = tf.reduce_max(peaks)
    audible = peaks > loudest - STRENGTH_RANGE_DB
    starts, peaks = starts[audible], peaks[audible]
    strengths = 1 + (peaks - loudest) / STRENGTH_RANGE_DB
    return tf.cast(tf.cast(starts, tf.float64) / rate, tf.float32), strengths


def fine_level(waveform: tf.Tensor) -> tf.Tensor:
    """Level in dB every `LEVEL_HOP` samples, `[values]` float32."""
    half = settings.LEVEL_WINDOW // 2
    frames = tf.signal.frame(
        tf.pad(waveform, [[half, half]]), settings.LEVEL_WINDOW, settings.LEVEL_HOP
    )
    rms = tf.sqrt(tf.reduce_mean(tf.square(frames), axis=1))
    return 20 * log10(tf.maximum(rms, 1e-10))


def onset_strength(waveform: tf.Tensor, timebase: TimeBase) -> tf.Tensor:
    """Mean rise of the log-mel bands, `[mel_frames + 1 at most]` float32."""
    n_fft, rate, hop = settings.flux_fft(timebase), timebase.sample_rate, timebase.hop_length
    filters = mel_filters(rate, n_fft, settings.FLUX_BANDS, 0.0, rate / 2)
    padded = tf.pad(waveform, [[n_fft // 2, n_fft // 2]])
    magnitude = tf.abs(tf.signal.stft(padded, n_fft, hop, n_fft))
    power = tf.square(tf.matmul(magnitude, tf.constant(filters.T)))
    decibels = 10 * log10(tf.maximum(power, settings.FLUX_FLOOR))
    decibels = tf.maximum(decibels, tf.reduce_max(decibels) - settings.FLUX_RANGE_DB)
    rise = tf.reduce_mean(tf.maximum(decibels[1:] - decibels[:-1], 0.0), axis=1)
    shift = 1 + settings.SHIFT_SAMPLES // (2 * hop)
    return tf.pad(rise, [[shift, 0]])[: tf.shape(decibels)[0]]


def onset_frames(strength: tf.Tensor, timebase: TimeBase) -> tf.Tensor:
    """Frames at which an onset strength `[frames]` peaks, `[onsets]` int32."""
    before_max, before_mean = int(NEAR * timebase.mel_rate), int(AROUND * timebase.mel_rate)
    strength = strength - tf.reduce_min(strength)
    strength = strength / (tf.reduce_max(strength) + np.finfo(np.float32).tiny)
    peak = tf.reduce_max(_windows(strength, before_max, 0, -np.inf), axis=1)
    values = tf.cast(strength, tf.float64)
    total = tf.reduce_sum(_windows(values, before_mean, before_mean, 0.0), axis=1)
    count = tf.reduce_sum(_windows(tf.ones_like(values), before_mean, before_mean, 0.0), axis=1)
    stands_out = values >= total / count + np.float64(np.float32(ABOVE))
    stands_out &= (strength == peak) & (tf.reduce_max(strength) > 0)
    found = tf.cast(tf.where(stands_out)[:, 0], tf.int32)
    return found[spaced(found, before_max + 1)]


def _windows(values: tf.Tensor, before: int, after: int, beyond: float) -> tf.Tensor:
    """`values[i - before : i + after + 1]` for each i, `[values, before + after + 1]`."""
    padded = tf.pad(values, [[before, after]], constant_values=tf.cast(beyond, values.dtype))
    return tf.signal.frame(padded, before + after + 1, 1)


def _attacks(level: tf.Tensor, times: tf.Tensor, rate: float) -> tuple[tf.Tensor, tf.Tensor]:
    """Where in `level` each onset begins, int32, and how high it rises, dB."""

    def position(seconds):
        return tf.cast(tf.round(seconds * rate), tf.int32)

    first = tf.maximum(0, position(times - settings.BEFORE))
    stop = tf.minimum(position(times + settings.AFTER) + 1, tf.size(level))
    reach = tf.range(round((settings.BEFORE + settings.AFTER) * rate) + 3)
    index = first[:, None] + reach[None]
    window = tf.gather(level, tf.minimum(index, tf.size(level) - 1))
    window = tf.where(index < stop[:, None], window, -np.inf)
    highest = tf.argmax(window, axis=1, output_type=tf.int32)
    peaks = tf.reduce_max(window, axis=1)
    quiet = (window < peaks[:, None] - settings.ATTACK_DB) & (reach[None] <= highest[:, None])
    last_quiet = tf.reduce_max(tf.where(quiet, reach[None], -1), axis=1)
    usual = tf.minimum(highest, round(settings.BEFORE * rate))
    return first + tf.where(last_quiet >= 0, last_quiet + 1, usual), peaks
