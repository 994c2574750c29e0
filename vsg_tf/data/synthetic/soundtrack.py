"""The two sounds of one clip, of one source: its own, and another to be the reference."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.data.synthetic import arrangement, timing
from vsg_tf.data.synthetic.bank import as_float
from vsg_tf.events import EventTrack
from vsg_tf.timebase import TimeBase

_PLAIN_SHARE = 0.2  # of the clips of sources that have recordings to crop
_MOST_PLAIN_RATE = 4.0  # heard events a second; above, no picture could follow
_LOOP_SHARE = 0.1  # of the arranged clips
_LOOP = (0.35, 0.7)  # of a clip's duration


@dataclass(frozen=True)
class Take:
    """A sound and what happens in it.

    Args:
        waveform: `[samples]` float32 without background, peak 0.9.
        events: in it; onsets are known, or heard in plain crops.
    """

    waveform: np.ndarray
    events: EventTrack


@dataclass(frozen=True)
class Soundtrack:
    """What is heard in a clip.

    Args:
        own: the clip's sound.
        alternate: the same source at other times.
        treatment: of both.
        kind: `arranged` (cut events at drawn times) or `plain` (crops of a recording).
        loop_seconds: the clip repeats itself after this time; None: it does not.
    """

    own: Take
    alternate: Take
    treatment: arrangement.Treatment
    kind: str
    loop_seconds: float | None = None


def draw_soundtrack(
    cuts: list[np.ndarray],
    recordings: list[np.ndarray],
    duration: float,
    timebase: TimeBase,
    min_gap: float,
    rng: np.random.Generator,
) -> Soundtrack:
    """Two sounds of one source.

    Args:
        cuts: its single events, float.
        recordings: whole recordings of it, int16; may be empty.
        duration: s.
        timebase: of the corpus.
        min_gap: least distance between arranged events, s.
        rng: draws everything.
    """
    treatment = arrangement.draw_treatment(rng)
    if recordings and rng.random() < _PLAIN_SHARE:
        recording = as_float(recordings[rng.integers(len(recordings))])
        crops = [_crop(recording, treatment, duration, timebase, rng) for _ in range(2)]
        # Without attacks, or with more than can be shown, there is nothing to draw.
        if 1 <= len(crops[0].events) <= _MOST_PLAIN_RATE * duration:
            return Soundtrack(*crops, treatment, "plain")
    takes = arrangement.choose_takes(cuts, treatment, rng)
    loop = duration * rng.uniform(*_LOOP) if rng.random() < _LOOP_SHARE else None
    sounds = []
    for length in (loop or duration, duration):
        times = timing.draw_times(rng, length, min_gap)
        strengths = timing.draw_strengths(rng, len(times))
        rate = timebase.sample_rate
        sound = arrangement.arrange(takes, times, strengths, treatment, length, rate, rng)
        sounds.append(Take(*sound))
    if loop:
        sounds[0] = _repeat(sounds[0], loop, round(duration * timebase.sample_rate))
    return Soundtrack(*sounds, treatment, "arranged", loop)


def _crop(
    recording: np.ndarray,
    treatment: arrangement.Treatment,
    duration: float,
    timebase: TimeBase,
    rng: np.random.Generator,
) -> Take:
    """A treated excerpt from a random place, and the events heard in it."""
    count = round(duration * timebase.sample_rate)
    speed = 2 ** (treatment.semitones / 12)
    excerpt = arrangement.take_excerpt(recording, int(np.ceil(count * speed)), rng)
    excerpt = arrangement.treat(excerpt, treatment)[:count]
    excerpt = excerpt * np.float32(0.9 / (np.abs(excerpt).max() + 1e-9))
    return Take(excerpt, EventTrack(*events_from_audio(excerpt, timebase)))


def _repeat(take: Take, period: float, count: int) -> Take:
    """A take over and over, as many short clips of video collections are."""
    laps = -(-count // len(take.waveform))
    rows = np.tile(take.events.to_array(), (laps, 1))
    rows[:, 0] += np.repeat(np.arange(laps) * period, len(take.events))
    inside = rows[:, 0] < count / len(take.waveform) * period
    return Take(np.resize(take.waveform, count), EventTrack(*rows[inside].T))
