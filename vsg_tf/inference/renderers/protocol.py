"""What a renderer is given, and what it gives."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.inference.reference import Reference
from vsg_tf.timebase import TimeBase


@dataclass(frozen=True)
class Score:
    """Everything there is to be played in one clip.

    Args:
        timebase: of the model.
        mel: consecutive pieces `[some frames, n_mels]` in 0..1 as the networks decoded them, at
            the level of `reference.mel`; they add up to `frames`, and can be read once.
        frames: mel frames of the clip.
        reference: the recording whose timbre is wanted.
        events: what sounds when; None for models whose timing is no event list.
        background: 0 (none) to 1 (as in the reference). `mel` already has it.
        seed: of everything that is drawn at random.
    """

    timebase: TimeBase
    mel: Iterator[np.ndarray]
    frames: int
    reference: Reference
    events: EventTrack | None
    background: float
    seed: int


class Renderer(Protocol):
    """From a score to its waveform."""

    def sample_rate(self, reference: Reference) -> int:
        """Samples per second of what `render` makes with this reference."""

    def render(self, score: Score) -> Iterator[np.ndarray]:
        """Consecutive blocks `[samples, channels]` float32, in memory that does not grow.

        They add up to the `frames` mel frames of the score at `sample_rate`. The same score gives
        the same samples.
        """
