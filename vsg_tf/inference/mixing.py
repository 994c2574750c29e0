"""Several renderings of one clip as one sound."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.resampling import resampled_blocks
from vsg_tf.events import EventTrack
from vsg_tf.inference.synthesizer import Rendering
from vsg_tf.timing.timing import Timing

BLOCK = 1 << 15  # samples of a mixed block


@dataclass(frozen=True)
class Strip:
    """A rendering and its place in the mix.

    Args:
        rendering: read by the mix.
        gain_db: of it.
        pan: -1 (left) to 1 (right), by equal power; the middle leaves a stereo sound as it is.
    """

    rendering: Rendering
    gain_db: float = 0.0
    pan: float = 0.0

    def factors(self, channels: int) -> np.ndarray:
        """Factors of the channels, `[channels]` float32."""
        gain = 10 ** (self.gain_db / 20)
        if channels == 1:
            return np.array([gain], np.float32)
        angle = (self.pan + 1) * math.pi / 4
        sides = math.sqrt(2) * np.array([math.cos(angle), math.sin(angle)])
        return (gain * sides).astype(np.float32)


def mix(strips: Sequence[Strip], duration_s: float, sample_rate: int | None = None) -> Rendering:
    """Add renderings of one clip up.

    Args:
        strips: any number; none gives silence.
        duration_s: of the clip.
        sample_rate: of the mix; None: the highest of the renderings, 48,000 Hz without any.

    Returns:
        Stereo where a rendering is, or where one is panned; its events are those of all.
    """
    rates = [strip.rendering.sample_rate for strip in strips]
    rate = sample_rate or max(rates, default=48_000)
    wide = any(strip.rendering.channels == 2 or strip.pan for strip in strips)
    channels = 2 if wide else 1
    samples = max(1, round(duration_s * rate))
    timing = Timing(duration_s, _all_events([s.rendering.timing.events for s in strips]))
    return Rendering(_blocks(strips, samples, rate, channels), rate, channels, samples, timing)


def _blocks(
    strips: Sequence[Strip], samples: int, rate: int, channels: int
) -> Iterator[np.ndarray]:
    sources = [(_of_size(strip, rate), strip.factors(channels)) for strip in strips]
    for first in range(0, samples, BLOCK):
        count = min(BLOCK, samples - first)
        mixed = np.zeros((count, channels), np.float32)
        for blocks, factors in sources:
            block = next(blocks, None)
            if block is not None:
                mixed[: len(block)] += block[:count] * factors
        yield mixed


def _of_size(strip: Strip, rate: int) -> Iterator[np.ndarray]:
    """The rendering at another rate in blocks of `BLOCK` samples."""
    held = np.zeros((0, strip.rendering.channels), np.float32)
    for block in resampled_blocks(strip.rendering.blocks, strip.rendering.sample_rate, rate):
        held = np.concatenate([held, block])
        while len(held) >= BLOCK:
            yield held[:BLOCK]
            held = held[BLOCK:]
    yield held


def _all_events(tracks: Sequence[EventTrack]) -> EventTrack:
    if not tracks:
        return EventTrack.empty()
    return EventTrack(
        *(
            np.concatenate([getattr(track, name) for track in tracks])
            for name in ("times", "strengths", "durations")
        )
    )
