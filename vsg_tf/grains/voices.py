"""One event's sound: where it stands, and its samples when they are asked for."""

from typing import Protocol

import numpy as np

from vsg_tf.grains.following import Follower
from vsg_tf.grains.levels import HOP, excerpt, level_curve, to_samples
from vsg_tf.grains.material import Material
from vsg_tf.grains.parts import Part, line_out
from vsg_tf.grains.takes import Take
from vsg_tf.grains.variation import Variation, shifted, tilted

FADE_IN, FADE_OUT, CUT_FADE = 0.004, 0.02, 0.14  # s
END_FADE = 0.05  # s
LEAST_FADE_IN = 0.0006  # s, of a recording that begins at once
ENDS_SHARE = 0.45  # of what is heard of a sound that its event ends early fades
MOST_END = 0.35  # s of that
_RINGING = 64  # samples in which a change of pitch rings
UNDER = (0.02, 0.05)  # s before and after an attack in which the sound before it fades


class Sounding(Protocol):
    """A sound in the output.

    Attributes:
        start, stop: samples of the output between which it is heard; `start` may be negative.
        event: number of its event, from 0.
    """

    start: int
    stop: int
    event: int

    def read(self, first: int, stop: int) -> np.ndarray:
        """Samples `first` to `stop` of the output, `[samples, channels]`, within its own."""

    def part(self, handle: int) -> Part | None:
        """The sound with up to `handle` samples on both sides; None: it has nothing beside it."""


class Single:
    """A take played from its beginning.

    Args:
        material: played from.
        take: of it.
        time: s in the output at which its attack is.
        length: s from there to where it is over at the latest; NaN: its own end.
        gain_db: of it.
        variation: of pitch and tone.
        follower: of the loudness that is wanted; None: as recorded.
    """

    def __init__(
        self,
        material: Material,
        take: Take,
        time: float,
        length: float,
        gain_db: float,
        variation: Variation,
        follower: Follower | None = None,
    ):
        rate = material.sample_rate
        self._material, self._take, self._variation = material, take, variation
        self._gain_db, self._follower = gain_db, follower
        ratio = 2 ** (variation.pitch / 12)
        self._lead = round((take.attack - take.begin) / ratio)
        attack = round(time * rate)
        self.start = attack - self._lead
        own = max(1, round((take.stop - take.attack) / ratio))
        self._limited = not np.isnan(length) and length * rate < own
        count = self._lead + (max(1, round(length * rate)) if self._limited else own)
        self.stop = self.start + count
        self._made: np.ndarray | None = None

    def read(self, first: int, stop: int) -> np.ndarray:
        if self._made is None:
            self._made = self._make()
        part = self._made[first - self.start : stop - self.start]
        if stop >= self.stop:
            self._made = None  # what has been played is not held
        return part

    def part(self, handle: int) -> Part:
        """What is heard, and up to `handle` samples of the recording on both sides of it."""
        waveform, gain = self._unfaded()
        before, after = self._beside(handle, len(waveform))
        rate = self._material.sample_rate
        least = round(LEAST_FADE_IN * rate)
        before = before * to_samples(gain, rate, -len(before), len(before))
        after = after * to_samples(gain, rate, len(waveform), len(after))
        return Part(
            np.concatenate([before, waveform, after]),
            len(before),
            len(after),
            min(max(least, min(round(FADE_IN * rate), self._lead)), len(waveform)),
            self._end_fade(len(waveform)),
        )

    def _make(self) -> np.ndarray:
        return self.part(0).heard()

    def _unfaded(self) -> tuple[np.ndarray, np.ndarray]:
        """What is heard before it fades, and the level curve in dB that it was given."""
        take, rate = self._take, self._material.sample_rate
        count = self.stop - self.start
        ratio = 2 ** (self._variation.pitch / 12)
        needed = min(take.stop, take.begin + int(np.ceil(count * ratio)) + 8)
        waveform = excerpt(self._varied(take.begin, needed), 0, count).copy()
        gain = np.full(1, self._gain_db)
        if self._follower is not None:
            own = level_curve(waveform, rate, 0.02)
            times = self.start / rate + np.arange(len(own)) * HOP
            gain = self._gain_db + self._follower.single(
                times, own + self._gain_db, self._lead / rate
            )
        waveform *= to_samples(gain, rate, 0, count)
        return waveform, gain

    def _beside(self, handle: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The recording before and after the `count` samples that are heard."""
        begin, length = self._take.begin, len(self._material.clean)
        if handle == 0:
            return (np.zeros((0, self._material.channels), np.float32),) * 2
        ratio = 2 ** (self._variation.pitch / 12)
        reach = int(np.ceil(handle * ratio)) + _RINGING
        first = max(0, begin - reach)
        lead = round((begin - first) / ratio)
        before = self._varied(first, min(length, begin + _RINGING))[max(0, lead - handle) : lead]
        end = min(length, begin + round(count * ratio))
        first = max(0, end - _RINGING)
        lead = round((end - first) / ratio)
        after = self._varied(first, min(length, end + reach))[lead : lead + handle]
        return before, after

    def _varied(self, first: int, stop: int) -> np.ndarray:
        """Samples of the recording in this sound's pitch and tone."""
        waveform = shifted(self._material.clean[first:stop], self._variation.pitch)
        return tilted(waveform, self._material.sample_rate, self._variation.tilt_db)

    def _end_fade(self, count: int) -> int:
        rate = self._material.sample_rate
        if self._limited:
            return round(min(ENDS_SHARE * (count - self._lead), MOST_END * rate))
        take, bounds = self._take, self._material.bounds
        if take.cut and take.stop >= bounds[take.sound + 1] - 1:  # its recording ends there, too
            return round(min(END_FADE * rate, 0.12 * count))
        return round(min((CUT_FADE if take.cut else FADE_OUT) * rate, 0.3 * count))


class Fading:
    """A sound that makes room for the next: it fades under its attack.

    Args:
        sounding: the sound.
        attack: sample of the output at which the next one's attack is.
        sample_rate: samples per second.
    """

    def __init__(self, sounding: Sounding, attack: int, sample_rate: int):
        self._sounding = sounding
        self._first = attack - round(UNDER[0] * sample_rate)
        self.start = sounding.start
        self.stop = min(sounding.stop, attack + round(UNDER[1] * sample_rate))

    def read(self, first: int, stop: int) -> np.ndarray:
        part = self._sounding.read(first, stop)
        if stop <= self._first:
            return part
        falling = (self.stop - np.arange(first, stop)) / max(self.stop - self._first, 1)
        return part * np.minimum(falling, 1).astype(np.float32)[:, None]

    def part(self, handle: int) -> Part | None:
        """The sound up to where it has faded, and up to `handle` samples of what was faded out."""
        whole = self._sounding.part(handle)
        fade_out = self.stop - self._first
        if whole is None or whole.fade_in + fade_out > self.stop - self.start:
            return None
        waveform = whole.waveform.copy()
        end = len(waveform) - whole.after
        if whole.fade_out:  # the sound's own end lies in what is faded out
            waveform[end - whole.fade_out : end] *= line_out(whole.fade_out)
        after = min(handle, self._sounding.stop - self.stop)
        stop = whole.before + self.stop - self.start + after
        return Part(waveform[:stop], whole.before, after, whole.fade_in, fade_out)
