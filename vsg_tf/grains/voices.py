"""One event's sound: where it stands, and its samples when they are asked for."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

from vsg_tf.grains.following import Follower
from vsg_tf.grains.levels import HOP, excerpt, level_curve, rise, to_samples
from vsg_tf.grains.material import Material
from vsg_tf.grains.takes import Take
from vsg_tf.grains.variation import Variation, shifted, tilted

FADE_IN, FADE_OUT, CUT_FADE = 0.004, 0.02, 0.14  # s
ENDS_SHARE = 0.45  # of what is heard of a sound that its event ends early fades
MOST_END = 0.35  # s of that
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
        own = -(-round((take.stop - take.attack) / ratio) // 1)
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

    def _make(self) -> np.ndarray:
        material, take, rate = self._material, self._take, self._material.sample_rate
        count = self.stop - self.start
        ratio = 2 ** (self._variation.pitch / 12)
        needed = min(take.stop, take.begin + int(np.ceil(count * ratio)) + 8)
        waveform = shifted(material.clean[take.begin : needed], self._variation.pitch)
        waveform = excerpt(tilted(waveform, rate, self._variation.tilt_db), 0, count).copy()
        gain = np.full(1, self._gain_db)
        if self._follower is not None:
            own = level_curve(waveform, rate, 0.02)
            times = self.start / rate + np.arange(len(own)) * HOP
            gain = self._gain_db + self._follower.single(
                times, own + self._gain_db, self._lead / rate
            )
        waveform *= to_samples(gain, rate, 0, count)
        fade_in = min(round(FADE_IN * rate), max(self._lead, 1))
        waveform[:fade_in] *= rise(fade_in)
        fade(waveform, self._end_fade(count))
        return waveform

    def _end_fade(self, count: int) -> int:
        rate = self._material.sample_rate
        if self._limited:
            return round(min(ENDS_SHARE * (count - self._lead), MOST_END * rate))
        seconds = CUT_FADE if self._take.cut else FADE_OUT
        return round(min(seconds * rate, 0.3 * count))


def fade(waveform: np.ndarray, count: int) -> None:
    """Let the last `count` samples of `[samples, channels]` fall to zero, in place."""
    if count > 0:
        waveform[-count:] *= rise(count)[::-1]


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
        at = (np.arange(first, stop) - self._first) / max(self.stop - self._first, 1)
        falling = np.cos(np.pi / 2 * np.clip(at, 0, 1)) ** 2
        return part * falling[:, None].astype(np.float32)


Maker = Callable[[], Sounding]
