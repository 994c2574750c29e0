"""What every moment of a recording is like: where one can go on as another does."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.filters import gaussian_smooth
from vsg_tf.grains.bands import band_frames, brightness_of
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.levels import to_db
from vsg_tf.grains.takes import Take

HOP = 0.02  # s between moments
_RANGE_DB = 60.0  # bands softer than this below the loudest count as equal
_CONTEXT = 3  # moments on each side
_COLOUR = 2.0  # moments over which the brightness is taken: a crackle alone is no colour


@dataclass(frozen=True)
class Moments:
    """Moments of all recordings, `HOP` apart; moment i is centred on sample `i * hop`.

    Args:
        context: levels of the bands before and after each, `[moments, 2, bands]` dB float32.
        level: `[moments]` dB.
        brightness: rank of each among those that can be held, `[moments]` 0..1.
        take: index of the take in whose held part it lies, `[moments]`; -1 in none.
    """

    context: np.ndarray
    level: np.ndarray
    brightness: np.ndarray
    take: np.ndarray


def hop_samples(sample_rate: int) -> int:
    """Samples between moments."""
    return round(HOP * sample_rate)


def describe_moments(
    waveform: np.ndarray, sample_rate: int, bounds: np.ndarray, takes: Sequence[Take]
) -> Moments:
    """Describe a material.

    Args:
        waveform: `[samples, channels]`, all recordings.
        sample_rate: samples per second.
        bounds: sample at which each recording begins, and the length.
        takes: of them.
    """
    hop = hop_samples(sample_rate)
    power = band_frames(waveform, sample_rate, hop)
    total = to_db(power.sum(axis=1))
    bands = to_db(power)
    bands = np.maximum(bands, bands.max() - _RANGE_DB)
    padded = np.pad(bands, ((_CONTEXT, _CONTEXT), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _CONTEXT, axis=0).mean(axis=-1)
    context = np.stack([windows[: len(bands)], windows[_CONTEXT + 1 :][: len(bands)]], axis=1)
    owner = np.full(len(bands), -1)
    at = np.arange(len(bands)) * hop
    for index, take in enumerate(takes):
        if take.kind is not Kind.SINGLE:
            owner[(at >= take.hold_first) & (at < take.hold_stop)] = index
    bright = brightness_of(to_db(gaussian_smooth(power, _COLOUR, axis=0)), sample_rate)
    ranks = np.zeros(len(bands))
    held = owner >= 0
    ranks[held] = np.argsort(np.argsort(bright[held], kind="stable")) / max(held.sum() - 1, 1)
    return Moments(context.astype(np.float32), total, ranks, owner)
