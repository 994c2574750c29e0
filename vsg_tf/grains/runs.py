"""Single sounds: one run of the recording for each event."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.grains.gains import BEFORE_NEXT, decay_gain, duck
from vsg_tf.grains.level_track import LevelTrack
from vsg_tf.grains.levels import to_samples
from vsg_tf.grains.matching import available_seconds, event_gains, match
from vsg_tf.grains.material import Material
from vsg_tf.grains.segments import SHORTEST, Segment
from vsg_tf.grains.settling import settle

PRE_ROLL = 0.015  # s played before an attack
FADE_IN = 0.004
FADE_OUT = 0.03  # at least; of a sound that is cut, more
ATTACK = 0.08  # s that are copied as they are
CUT_FADE = 0.5  # of the length of a sound that is cut
CONTROL = 0.003  # s between values of a gain curve


@dataclass(frozen=True)
class Run:
    """A piece of sound and where it begins.

    Args:
        start: sample of the output, may be negative.
        waveform: `[samples, channels]`.
    """

    start: int
    waveform: np.ndarray


def render_runs(
    material: Material, events: EventTrack, wanted: LevelTrack, end: float
) -> Iterator[Run]:
    """One run for each event, in order of time.

    Args:
        material: copied from.
        events: to be played.
        wanted: level that the networks decoded.
        end: s, of the clip.
    """
    if len(events) == 0:
        return
    lengths = np.maximum(available_seconds(events, end), SHORTEST)
    chosen = match(events, lengths, material.segments)
    gains = event_gains(events, chosen, material.segments)
    following = np.append(events.times[1:], np.inf)
    rate = material.sound.sample_rate
    for index, time in enumerate(events.times):
        segment = material.segments[chosen[index]]
        waveform = _copy(material, segment, lengths[index])
        since = np.arange(-PRE_ROLL, len(waveform) / rate - PRE_ROLL, CONTROL)
        gain = _decay(material, segment, wanted, time, since)
        gain += gains[index] + duck(time + since, following[index : index + 1], BEFORE_NEXT)
        factors = to_samples(gain, CONTROL * rate, 0.0, len(waveform))
        yield Run(round((time - PRE_ROLL) * rate), waveform * factors)


def _copy(material: Material, segment: Segment, length: float) -> np.ndarray:
    """A segment with its pre-roll, of `length` s at most, that dies away; its ends faded."""
    rate = material.sound.sample_rate
    first, stop = round((segment.start - PRE_ROLL) * rate), round(segment.stop * rate)
    waveform = material.sound.waveform[max(0, first) : stop]
    waveform = np.pad(waveform, ((max(0, -first), 0), (0, 0)))
    most = round((PRE_ROLL + length) * rate)
    fade = FADE_OUT if len(waveform) <= most else max(FADE_OUT, CUT_FADE * length)
    waveform = settle(waveform[:most], rate, PRE_ROLL + ATTACK).copy()
    _fade(waveform[: round(FADE_IN * rate)])
    _fade(waveform[::-1][: min(round(fade * rate), len(waveform) // 2)])
    return waveform


def _fade(part: np.ndarray) -> None:
    """Let `[samples, channels]` rise from nothing, in place."""
    part *= np.sin(np.pi / 2 * (np.arange(len(part)) + 0.5) / max(len(part), 1))[:, None] ** 2


def _decay(
    material: Material, segment: Segment, wanted: LevelTrack, time: float, since: np.ndarray
) -> np.ndarray:
    """Gain in dB at `since` s after the event, from the levels wanted and copied."""
    frame = 1 / material.timebase.mel_rate
    after = np.arange(0, max(since[-1], 2 * frame), frame)
    at = (segment.start + after) / frame
    copied = np.interp(at, np.arange(len(material.level)), material.level)
    gain = decay_gain(wanted.at(time + after), copied, round(ATTACK / frame))
    return np.interp(since, after, gain)
