"""Rendering by a trained vocoder, window by window."""

from collections.abc import Callable, Iterator

import numpy as np

from vsg_tf.inference.chunking import join_chunks, plan_chunks, window_frames
from vsg_tf.inference.renderers.protocol import Performance, RenderPlan
from vsg_tf.inference.voice import Voice
from vsg_tf.timebase import TimeBase

WINDOW_FRAMES, OVERLAP_FRAMES = 1024, 192  # mel frames
# How far from the end of a window its missing neighbour is heard: by the network (kernel // 2 for
# each of its convolutions, 21 in all by default) and by the projections (less than 5 frames each).
REACH_FRAMES = 80


class VocoderRenderer:
    """A mono waveform at the model's sample rate, the same as if the clip were one window.

    Where two windows know everything around them they agree to rounding, because the phases of
    both are told against one carrier: windows begin at its period. Only there one fades into the
    other.

    Args:
        invert: mel `[frames, n_mels]` to `[frames * hop_length]` float32.
        timebase: of the model.
    """

    def __init__(self, invert: Callable[[np.ndarray], np.ndarray], timebase: TimeBase):
        self._invert = invert
        self._timebase = timebase

    def sample_rate(self, voice: Voice) -> int:
        return self._timebase.sample_rate

    def channels(self, voice: Voice) -> int:
        return 1

    def perform(self, plan: RenderPlan) -> Performance:
        events = plan.voice.lengthened(plan.timing)
        return Performance(events, self._blocks(plan))

    def _blocks(self, plan: RenderPlan) -> Iterator[np.ndarray]:
        hop, unit = self._timebase.hop_length, self._timebase.mel_per_feature
        sizes = (plan.frames // unit, WINDOW_FRAMES // unit, OVERLAP_FRAMES // unit)
        windows = [chunk.scaled(unit) for chunk in plan_chunks(*sizes)]
        blocks = (
            (chunk, self._invert(window).reshape(-1, hop))
            for chunk, window in zip(windows, window_frames(plan.decode(), windows), strict=True)
        )
        for piece in join_chunks(blocks, REACH_FRAMES):
            yield piece.reshape(-1, 1)
