"""Rendering with the reference's own waveform."""

from dataclasses import replace

import numpy as np

from vsg_tf.audio.mel import mel_level
from vsg_tf.grains.kinds import ReferenceKind
from vsg_tf.grains.material import VERSION, Material, prepare
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.inference.options import RenderOptions
from vsg_tf.inference.renderers.protocol import Performance, RenderPlan
from vsg_tf.inference.voice import Voice
from vsg_tf.timebase import TimeBase
from vsg_tf.timing.timing import FLOOR_DB, LevelCurve, Timing

HANDLE_S = 1.0  # s of the recording beside the sound of each event, for who edits it


class GrainRenderer:
    """The reference's waveform played anew, at its own sample rate and with its own channels.

    Nothing is decoded: takes, levels and tails are the recording's, times and strengths the
    timing's. Only for models without an event list the networks' level leads.

    Args:
        timebase: of the model.
    """

    def __init__(self, timebase: TimeBase):
        self._timebase = timebase

    def sample_rate(self, voice: Voice) -> int:
        return voice.sample_rate

    def channels(self, voice: Voice) -> int:
        return voice.channels

    def perform(self, plan: RenderPlan) -> Performance:
        options, timing, kind = plan.options, plan.timing, plan.options.reference_kind
        follow = options.follow
        if timing.features is not None:
            timing, follow, kind = self._led_by_networks(plan), 1.0, ReferenceKind.LASTING
        made = perform(
            material_of(plan.voice, kind),
            timing,
            replace(grain_options(options), follow=follow),
        )
        return Performance(made.events, made.blocks(), lambda: made.runs(HANDLE_S))

    def _led_by_networks(self, plan: RenderPlan) -> Timing:
        """The level that the networks decode, as something to be followed."""
        level = np.concatenate([mel_level(piece) for piece in plan.decode()])
        level = np.maximum(level - mel_level(plan.voice.clean).max(), FLOOR_DB)
        curve = LevelCurve(self._timebase.mel_rate, np.minimum(level, 0.0))
        return replace(plan.timing, level=curve, features=None, estimated=False)


def material_of(voice: Voice, kind: ReferenceKind = ReferenceKind.AUTO) -> Material:
    """The recordings of a voice made ready, once, and kept on disk for the next process."""
    return voice.prepared(
        f"grains-{VERSION}-{ReferenceKind(kind).value}",
        lambda: prepare(voice.sounds, kind),
        pack=Material.to_arrays,
        unpack=Material.from_arrays,
    )


def grain_options(options: RenderOptions) -> GrainOptions:
    """The part of the options that a performance knows."""
    return GrainOptions(
        background=options.background,
        follow=options.follow,
        variation=options.variation,
        dynamics=options.dynamics,
        overlap=options.overlap,
        seed=options.seed,
    )
