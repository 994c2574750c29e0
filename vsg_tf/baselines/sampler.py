"""The onset-triggered sampler: the first thing a practitioner would try. No paper, no training.

The loudest events of the reference are cut out and pasted where the picture moves most abruptly.
Its timbre is the reference's own, so it is a strong opponent there, and silent between its events;
it cannot tell a visible event from any other motion.
"""

import os

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from vsg_tf.audio.levels import limit_peak
from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.audio.reading import load_reference
from vsg_tf.baselines.system import WIDE_BAND, clip_samples
from vsg_tf.events import STRENGTH_RANGE_DB, EventTrack
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.frontends.motion.layout import GLOBAL_QUANTITIES
from vsg_tf.timebase import TimeBase

# Of all features these tell events best; their sum tells them better than either.
_CHANNELS = [
    GLOBAL_QUANTITIES.index(name) - len(GLOBAL_QUANTITIES)
    for name in ("top_acceleration", "top_difference")
]
_SMOOTHING = 0.7  # feature frames
_THRESHOLD = 0.75  # standard deviations above the mean from which a peak of motion is an event
_MIN_GAP = 0.15  # s between events
_STILL = 0.1  # standard deviation of the features below which nothing moves
_WEAKEST = 1 / 3  # strength of the smallest peak, -20 dB
_TAKES = 5  # of the reference's events, the loudest
_LONGEST_TAKE = 1.5  # s
_BEFORE, _FADE_IN, _FADE_OUT = 0.015, 0.004, 0.03  # s
_ATTACK = 0.05  # s after an event's beginning that a take must not lose to the next one


def motion_events(features: np.ndarray, timebase: TimeBase) -> EventTrack:
    """Peaks of the acceleration and the change of what moves most.

    Args:
        features: `[feature_frames, width]` of the motion front end.
        timebase: gives the times of the frames.

    Returns:
        Events whose strength follows the height of their peak (1/3 to 1) and whose duration, of
        which motion says nothing, lasts to the next event; none where nothing moves.
    """
    motion = features[:, _CHANNELS].sum(axis=1, dtype=np.float64)
    curve = gaussian_filter1d(motion, _SMOOTHING)
    if curve.std() < _STILL:
        return EventTrack.empty()
    height = curve.mean() + _THRESHOLD * curve.std()
    padded = np.pad(curve, 1, constant_values=curve.min() - 1)  # peaks at the ends are peaks
    gap = max(1, round(_MIN_GAP * timebase.feature_rate))
    peaks = find_peaks(padded, height=height, distance=gap)[0] - 1
    if not len(peaks):
        return EventTrack.empty()
    relative = (curve[peaks] - height) / max(curve.max() - height, 1e-9)
    times = timebase.feature_times(len(curve))[peaks]
    ends = np.append(times[1:], len(curve) / timebase.feature_rate)
    return EventTrack(
        times,
        _WEAKEST + (1 - _WEAKEST) * relative,
        np.maximum(ends - times, 1 / timebase.feature_rate),
    )


def cut_takes(waveform: np.ndarray, timebase: TimeBase) -> list[np.ndarray]:
    """The loudest events of a recording, each as a piece of it.

    Args:
        waveform: `[samples]` at the time base's sample rate, not silent.

    Returns:
        1 to 5 pieces, loudest first, of up to 1.5 s, faded at both ends and scaled to a peak of 1.
        The event begins 15 ms after the piece. Where the recording has no onset, the piece around
        its loudest sample is the one take.
    """
    rate = timebase.sample_rate
    times, strengths, durations = events_from_audio(waveform, timebase)
    if not len(times):
        times = np.array([np.abs(waveform).argmax() / rate])
        strengths, durations = np.ones(1), np.full(1, _LONGEST_TAKE)
    following = np.append(times[1:], len(waveform) / rate)
    takes = []
    for index in np.argsort(-strengths, kind="stable")[:_TAKES]:
        sounding = max(float(durations[index]), _ATTACK) + _FADE_OUT
        free = max(float(following[index] - times[index]) - _BEFORE, _ATTACK)
        start = round((times[index] - _BEFORE) * rate)
        length = round((_BEFORE + min(sounding, free, _LONGEST_TAKE)) * rate)
        piece = np.zeros(length, np.float32)  # before and after the recording there is silence
        first, last = max(0, start), min(len(waveform), start + length)
        piece[first - start : last - start] = waveform[first:last]
        piece *= _fades(length, rate)
        if peak := np.abs(piece).max():
            takes.append(piece / peak)
    return takes


def _fades(length: int, rate: int) -> np.ndarray:
    position = np.arange(length) / rate
    rise = np.minimum(1, (position + 0.5 / rate) / _FADE_IN)
    fall = np.minimum(1, (position[::-1] + 0.5 / rate) / _FADE_OUT)
    return (rise * fall).astype(np.float32)


def paste(
    takes: list[np.ndarray], events: EventTrack, samples: int, rate: int, seed: int = 0
) -> np.ndarray:
    """Lay takes at events.

    Args:
        takes: from `cut_takes`.
        events: strength 1 plays at full level, 0 at -30 dB; durations do not matter.
        samples: length of the result.
        rate: samples per second.
        seed: decides which take an event gets; never the one before's, if there are several.

    Returns:
        `[samples]` float32, peak at most -1 dB.
    """
    sound = np.zeros(samples, np.float32)
    rng = np.random.default_rng(seed)
    last = -1
    for time, strength in zip(events.times, events.strengths, strict=True):
        choices = [index for index in range(len(takes)) if index != last] or [0]
        last = int(rng.choice(choices))
        gain = 10 ** ((strength - 1) * STRENGTH_RANGE_DB / 20)
        start = round((time - _BEFORE) * rate)
        piece = takes[last][max(0, -start) :]
        start = max(0, start)
        piece = piece[: max(0, samples - start)]
        sound[start : start + len(piece)] += gain * piece
    return limit_peak(sound)


class Sampler:
    """Pastes events of the reference at motion peaks, or at events that it is told (an oracle)."""

    name = "sampler"
    sample_rate = WIDE_BAND.sample_rate

    def __init__(self):
        self.timebase = TimeBase(self.sample_rate, WIDE_BAND.hop_length)

    def __call__(
        self,
        video: str | os.PathLike,
        reference: str | os.PathLike,
        *,
        seed: int = 0,
        events: EventTrack | None = None,
    ) -> np.ndarray:
        """As `System`; `events` are played instead of the motion's."""
        samples = clip_samples(video, self.sample_rate)
        takes = cut_takes(load_reference(reference).mono(self.sample_rate), self.timebase)
        if events is None:
            events = motion_events(MotionFrontEnd(self.timebase).extract(video), self.timebase)
        return paste(takes, events, samples, self.sample_rate, seed)
