"""What a renderer is given, and what it gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.grains.performance import EventSound
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.voice import Voice
from vsg_tf.timebase import TimeBase
from vsg_tf.timing.timing import Timing


@dataclass(frozen=True)
class RenderPlan:
    """Everything there is to be played in one clip.

    Args:
        timing: what sounds when, and how loudly.
        voice: the timbre.
        options: what was asked for.
        timebase: of the model.
        frames: mel frames that cover the clip, whole feature frames.
        decode: gives consecutive pieces `[some frames, n_mels]` in 0..1 as the networks decode
            them, at the level of `voice.mel`; they add up to `frames`. Nothing is computed
            before it is read, so that a renderer that needs no mel costs no network.
    """

    timing: Timing
    voice: Voice
    options: RenderOptions
    timebase: TimeBase
    frames: int
    decode: Callable[[], Iterator[np.ndarray]]


@dataclass(frozen=True)
class Performance:
    """What a renderer makes of a plan.

    Args:
        events: what is played: the timing's, with takes, pitches and gains where the renderer
            chooses them. Played again, they give the same samples.
        blocks: consecutive blocks `[samples, channels]` float32, in memory that does not grow;
            they cover the clip. The same plan gives the same samples.
        runs: gives, once the blocks are read, what is heard of each event, in order of the first
            samples; with the background they add up to the blocks. None: the renderer makes one
            sound.
    """

    events: EventTrack
    blocks: Iterator[np.ndarray]
    runs: Callable[[], Iterator[EventSound]] | None = None


class Renderer(Protocol):
    """From a plan to its waveform."""

    def sample_rate(self, voice: Voice) -> int:
        """Samples per second of what is made with this voice."""

    def channels(self, voice: Voice) -> int:
        """Channels of it, 1 or 2."""

    def perform(self, plan: RenderPlan) -> Performance:
        """Choose what is played; the samples are made as the blocks are read."""
