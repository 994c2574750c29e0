"""Rendering with the reference's own waveform."""

from collections.abc import Iterator

import numpy as np

from vsg_tf.audio.levels import peak_db
from vsg_tf.audio.reading import Sound
from vsg_tf.events import EventTrack
from vsg_tf.grains.background import Background, closeness
from vsg_tf.grains.bed import RoomTone
from vsg_tf.grains.level_track import LevelTrack
from vsg_tf.grains.levels import to_samples
from vsg_tf.grains.material import Material, prepare_material
from vsg_tf.grains.runs import Run, render_runs
from vsg_tf.grains.splicing import Splice
from vsg_tf.grains.timeline import Timeline
from vsg_tf.inference.renderers.protocol import Performance, RenderPlan
from vsg_tf.inference.voice import Voice
from vsg_tf.timebase import TimeBase

BLOCK = 1 << 15  # samples


class GrainRenderer:
    """The reference's waveform rearranged, at its own sample rate and with its own channels.

    A reference of single sounds gives one run of it for each event; one that goes on is copied
    along a path. The networks' level shapes both, and the reference's room tone lies under them.

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
        events = plan.voice.lengthened(plan.timing)
        return Performance(events, self._blocks(plan, events))

    def _blocks(self, plan: RenderPlan, events: EventTrack) -> Iterator[np.ndarray]:
        voice = plan.voice
        sound = Sound(np.concatenate([s.waveform for s in voice.sounds]), voice.sample_rate)
        material = voice.prepared(
            "grains", lambda: prepare_material(sound, voice.mel, voice.clean, self._timebase)
        )
        tone = RoomTone(sound.waveform, sound.sample_rate, plan.options.seed)
        background = Background(tone, plan.options.background, peak_db(sound.waveform))
        if material.separate and plan.timing.features is None:
            blocks = self._single_sounds(plan, material, events)
        else:
            blocks = self._going_on(plan, material, events)
        for copied, close in blocks:
            yield copied + background.take(close)

    def _total(self, plan: RenderPlan, rate: int) -> int:
        return round(plan.frames / self._timebase.mel_rate * rate)

    def _single_sounds(self, plan: RenderPlan, material: Material, events: EventTrack):
        """Blocks `[samples, channels]`, and how close to sounds their samples are."""
        rate = material.sound.sample_rate
        total = self._total(plan, rate)
        level = LevelTrack(plan.decode(), self._timebase)
        runs = render_runs(material, events, level, total / rate)
        for first, block, near in _placed(runs, total, material.sound.waveform.shape[1]):
            spans = np.array([[run.start, run.start + len(run.waveform)] for run in near]) / rate
            times = (first + np.arange(len(block))) / rate
            yield block, closeness(times, spans.reshape(-1, 2))

    def _going_on(self, plan: RenderPlan, material: Material, events: EventTrack):
        """As `_single_sounds`; a sound that goes on needs no bed but where it is heard."""
        rate = material.sound.sample_rate
        splice = Splice(material, events, plan.decode())
        hop = rate / self._timebase.mel_rate
        runs, total = splice.runs(), self._total(plan, rate)
        for first, block, _ in _placed(runs, total, material.sound.waveform.shape[1]):
            gain = to_samples(splice.gain, hop, first / hop, len(block))
            yield block * gain, np.zeros(len(block))


def _placed(runs: Iterator[Run], total: int, channels: int):
    """Blocks of the sum of all runs up to sample `total`: first sample, block, runs around it."""
    timeline = Timeline(channels)
    run, near = next(runs, None), []
    while timeline.position < total:
        first = timeline.position
        stop = min(first + BLOCK, total)
        near = [one for one in near if one.start + len(one.waveform) > first - BLOCK]
        while run is not None and run.start < stop + BLOCK:
            timeline.add(run.start, run.waveform)
            near.append(run)
            run = next(runs, None)
        yield first, timeline.pull(stop - first), near
