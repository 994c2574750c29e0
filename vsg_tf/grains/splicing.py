"""Sounds that go on: stretches of the recording joined along a path."""

import itertools
from collections.abc import Iterator

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.grains.gains import IN_GOING_ON, duck, level_gain
from vsg_tf.grains.levels import mel_level
from vsg_tf.grains.likeness import best_offset
from vsg_tf.grains.material import Material
from vsg_tf.grains.path import FRAMES, find_path, tokens_of
from vsg_tf.grains.runs import FADE_IN, PRE_ROLL, Run

FADE = 0.03  # s, of a joint that is no event
SEARCH = 0.01  # s around a joint in which the waveforms are lined up
_NEAR = 0.05  # s between a jump and the event it is for


class Splice:
    """A copy of a recording that follows a decoded mel.

    Args:
        material: copied from.
        events: of the clip; None where they are not known.
        mel: consecutive pieces `[some frames, n_mels]` that the networks decoded.
    """

    def __init__(self, material: Material, events: EventTrack | None, mel: Iterator[np.ndarray]):
        self._material = material
        self._frame = 1 / material.timebase.mel_rate
        self._token = FRAMES * self._frame
        self._times = np.zeros(0) if events is None else events.times
        tokens, levels = [], []
        for piece in mel:  # every piece has whole feature frames, and so whole tokens
            tokens.append(tokens_of(piece))
            levels.append(mel_level(piece))
        recorded = tokens_of(material.mel)
        attacks = np.round(material.attacks / self._token).astype(int)
        starts = np.round(self._times / self._token).astype(int)
        attacks = np.unique(np.minimum(attacks, len(recorded) - 1))
        self._path = find_path(np.concatenate(tokens), starts, recorded, attacks)
        self.gain = self._gain(np.concatenate(levels))

    def _gain(self, wanted: np.ndarray) -> np.ndarray:
        """Gain in dB for each mel frame of the clip."""
        source = np.repeat(self._path * FRAMES, FRAMES) + np.arange(len(wanted)) % FRAMES
        copied = self._material.level[np.minimum(source, len(self._material.level) - 1)]
        at = np.arange(len(wanted)) * self._frame
        at_event = np.zeros(len(wanted), bool)
        for time in self._times:
            first = round((time - PRE_ROLL) / self._frame)
            at_event[max(0, first - 1) : max(0, first + 4)] = True
        return level_gain(wanted, copied, at_event) + duck(at, self._times, IN_GOING_ON)

    def runs(self) -> Iterator[Run]:
        """The stretches in order of time, faded so that they overlap to one sound."""
        rate = self._material.sound.sample_rate
        stretches = list(self._stretches())
        end = len(self._path) * self._token
        half = round(FADE / 2 * rate)
        before = None  # sample of the recording that would come next, and where
        for (start, source, at_event), following in itertools.zip_longest(
            stretches, stretches[1:], fillvalue=(end, 0.0, False)
        ):
            first, taken = round(start * rate), round(source * rate)
            if before is not None and not at_event:
                taken = self._lined_up(taken, before + first)
            lead = round(FADE_IN / 2 * rate) if at_event else half
            tail = round(FADE_IN / 2 * rate) if following[2] else half
            count = round(following[0] * rate) - first
            waveform = _excerpt(self._material.sound.waveform, taken - lead, count + lead + tail)
            _fade(waveform[: 2 * lead])
            _fade(waveform[::-1][: 2 * tail])
            yield Run(first - lead, waveform)
            before = taken - first

    def _stretches(self) -> Iterator[tuple[float, float, bool]]:
        """Start in the clip and in the recording, s, and whether it starts with an event."""
        jumps = np.flatnonzero(np.diff(self._path) != 1) + 1
        for token in [0, *jumps]:
            start, source = token * self._token, self._path[token] * self._token
            gaps = np.abs(self._times - start)
            attacks = np.abs(self._material.attacks - source)
            at_event = len(gaps) > 0 and gaps.min() <= _NEAR and attacks.min() <= _NEAR
            if at_event:  # tokens are coarse: the attack is put where the event is
                start = max(0.0, self._times[gaps.argmin()] - PRE_ROLL)
                source = self._material.attacks[attacks.argmin()] - PRE_ROLL
            yield start, source, at_event

    def _lined_up(self, taken: int, expected: int) -> int:
        """The place next to `taken` where the waveform goes on most as it does at `expected`."""
        rate = self._material.sound.sample_rate
        waveform = self._material.sound.waveform
        size, around = round(FADE * rate), round(SEARCH * rate)
        target = _excerpt(waveform, expected - size // 2, size).mean(axis=1)
        first = taken - around - size // 2
        searched = _excerpt(waveform, first, size + 2 * around).mean(axis=1)
        return first + size // 2 + best_offset(target, searched)


def _excerpt(waveform: np.ndarray, first: int, count: int) -> np.ndarray:
    """`count` samples from `first` on, silent beyond both ends."""
    part = waveform[max(0, first) : max(0, first + count)]
    before = min(max(0, -first), count)
    return np.pad(part, ((before, count - before - len(part)), (0, 0)))


def _fade(part: np.ndarray) -> None:
    """Let `[samples, channels]` rise from nothing, in place; two make a steady power."""
    part *= np.sin(np.pi / 2 * (np.arange(len(part)) + 0.5) / max(len(part), 1))[:, None]
