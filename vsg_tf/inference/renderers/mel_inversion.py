"""Rendering by inverting the decoded mel, window by window."""

from collections.abc import Callable, Iterator

import numpy as np

from vsg_tf.audio.phases import SEEDS
from vsg_tf.inference.chunking import join_waveforms, plan_chunks, window_frames
from vsg_tf.inference.renderers.protocol import Performance, RenderPlan
from vsg_tf.inference.voice import Voice
from vsg_tf.timebase import TimeBase

WINDOW_FRAMES, OVERLAP_FRAMES = 1024, 64  # mel frames
FADE_SECONDS = 0.02


class MelInversion:
    """Griffin-Lim, or any other way from a mel to a mono waveform at the model's sample rate.

    Args:
        invert: mel `[frames, n_mels]` and a seed to `[frames * hop_length]` float32.
        timebase: of the model.
    """

    def __init__(self, invert: Callable[[np.ndarray, int], np.ndarray], timebase: TimeBase):
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
        windows = plan_chunks(plan.frames, WINDOW_FRAMES, OVERLAP_FRAMES)
        mels = window_frames(plan.decode(), windows)
        blocks = (
            (chunk, self._invert(window, (plan.options.seed + index) % SEEDS))
            for index, (chunk, window) in enumerate(zip(windows, mels, strict=True))
        )
        fade = self._timebase.samples_for(FADE_SECONDS)
        for piece in join_waveforms(blocks, self._timebase.hop_length, fade):
            yield piece[:, None]
