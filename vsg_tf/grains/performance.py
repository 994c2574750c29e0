"""A timing played with a material."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.grains.bed import Bed
from vsg_tf.grains.levels import rise
from vsg_tf.grains.material import Material
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.parts import Part
from vsg_tf.grains.planning import plan_events, plan_sounds
from vsg_tf.grains.voices import Sounding
from vsg_tf.timing.timing import Timing

BLOCK = 1 << 15  # samples
LONGEST_RUN = 300.0  # s
_EDGE = 0.003  # s in which all begins and ends at zero


class EventSound(NamedTuple):
    """The sound of one event: its first sample in the clip, the event's number from 0, and it."""

    start: int
    event: int
    part: Part


class Performance:
    """What is played, and its samples from any moment on.

    Args:
        material: played from.
        timing: of it.
        options: of it.

    Attributes:
        events: the timing's, with the take, the pitch and the gain of each. Played again with the
            same seed and options they give the same samples.
        samples: length of the clip.

    Raises:
        InputError: an event names a take that there is not.
    """

    def __init__(self, material: Material, timing: Timing, options: GrainOptions):
        self.sample_rate, self.channels = material.sample_rate, material.channels
        self.samples = max(1, round(timing.duration_s * material.sample_rate))
        self.events: EventTrack = plan_events(material, timing, options)
        self._sounds = plan_sounds(material, timing, self.events, options)
        self._gain = np.float32(10 ** (material.gain_db / 20))
        self._bed = Bed(material.bed, options.background, options.seed)

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[np.ndarray]:
        """Consecutive blocks of the output, in memory that does not grow.

        Args:
            start: first sample.
            stop: one after the last; None: the end of the clip.

        Yields:
            `[samples, channels]` float32. Where many sounds come together they may exceed full
            scale.
        """
        stop = self.samples if stop is None else min(stop, self.samples)
        coming = iter(self._sounds)
        following, active = next(coming, None), []
        for first in range(start, stop, BLOCK):
            last = min(first + BLOCK, stop)
            while following is not None and following.start < last:
                active.append(following)
                following = next(coming, None)
            active = [sound for sound in active if sound.stop > first]
            yield self._block(active, first, last)

    def runs(self, handle_s: float = 0.0) -> Iterator[EventSound]:
        """What is heard of each event, made anew; with the background it adds up to the output.

        Call it on a performance whose blocks are not being read. What lasts longer than
        `LONGEST_RUN` is left out, so that memory does not grow.

        Args:
            handle_s: s of the recording before and after what is heard. Sounds that are held, and
                those at the clip's ends, have none.

        Yields:
            The sounds in the order of their starts.
        """
        edge = round(_EDGE * self.sample_rate)
        for sound in self._sounds:
            first, stop = max(sound.start, 0), min(sound.stop, self.samples)
            if not 0 < stop - first <= LONGEST_RUN * self.sample_rate:
                continue
            part = None
            if sound.start >= edge and sound.stop <= self.samples - edge:
                part = sound.part(round(handle_s * self.sample_rate))
            if part is None:
                part = Part(self._played(sound, first, stop))
            else:
                part = replace(part, waveform=part.waveform * self._gain)
            yield EventSound(first, sound.event, part)

    def _played(self, sound: Sounding, first: int, stop: int) -> np.ndarray:
        """What is heard of a sound, as the output has it."""
        # Read in the output's own blocks, because some sounds follow a level block by block.
        bounds = [first, *range((first // BLOCK + 1) * BLOCK, stop, BLOCK), stop]
        parts = [sound.read(begin, end) for begin, end in pairwise(bounds)]
        waveform = np.concatenate(parts) * self._gain
        self._soften_ends(waveform, first)
        return waveform

    def _block(self, active: list[Sounding], first: int, last: int) -> np.ndarray:
        block = self._bed.read(first, last)
        for sound in active:
            begin, end = max(first, sound.start, 0), min(last, sound.stop)
            if begin < end:
                block[begin - first : end - first] += sound.read(begin, end)
        block *= self._gain
        self._soften_ends(block, first)
        return block

    def _soften_ends(self, block: np.ndarray, first: int) -> None:
        """Let the clip begin and end at zero; `block` is changed, and begins at sample `first`."""
        last = first + len(block)
        edge = round(_EDGE * self.sample_rate)
        if first < edge:
            part = rise(edge)[first:last]
            block[: len(part)] *= part
        if last > self.samples - edge:
            left = self.samples - np.arange(first, last) - 1
            block *= np.sin(np.pi / 2 * np.clip(left / edge, 0, 1)).astype(np.float32)[:, None] ** 2


def perform(
    material: Material, timing: Timing, options: GrainOptions = GrainOptions()
) -> Performance:
    """Play a timing with a material; nothing is rendered before it is read.

    Args:
        material: from `prepare`.
        timing: what sounds when.
        options: how.

    Raises:
        InputError: an event names a take that there is not.
    """
    return Performance(material, timing, options)
