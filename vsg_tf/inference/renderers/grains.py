"""Rendering with the reference's own waveform."""

from collections.abc import Iterator

import numpy as np

from vsg_tf.audio.levels import peak_db
from vsg_tf.grains.background import Background, closeness
from vsg_tf.grains.bed import RoomTone
from vsg_tf.grains.level_track import LevelTrack
from vsg_tf.grains.levels import to_samples
from vsg_tf.grains.material import Material, prepare_material
from vsg_tf.grains.runs import Run, render_runs
from vsg_tf.grains.splicing import Splice
from vsg_tf.grains.timeline import Timeline
from vsg_tf.inference.reference import Reference
from vsg_tf.inference.renderers.protocol import Score
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

    def sample_rate(self, reference: Reference) -> int:
        return reference.sound.sample_rate

    def render(self, score: Score) -> Iterator[np.ndarray]:
        sound = score.reference.sound
        material = prepare_material(
            sound, score.reference.mel, score.reference.clean, self._timebase
        )
        tone = RoomTone(sound.waveform, sound.sample_rate, score.seed)
        background = Background(tone, score.background, peak_db(sound.waveform))
        if material.separate and score.events is not None:
            blocks = self._single_sounds(score, material)
        else:
            blocks = self._going_on(score, material)
        for copied, close in blocks:
            yield copied + background.take(close)

    def _total(self, score: Score, rate: int) -> int:
        return round(score.frames / self._timebase.mel_rate * rate)

    def _single_sounds(self, score: Score, material: Material):
        """Blocks `[samples, channels]`, and how close to sounds their samples are."""
        rate = material.sound.sample_rate
        total = self._total(score, rate)
        level = LevelTrack(score.mel, self._timebase)
        runs = render_runs(material, score.events, level, total / rate)
        for first, block, near in _placed(runs, total, material.sound.waveform.shape[1]):
            spans = np.array([[run.start, run.start + len(run.waveform)] for run in near]) / rate
            times = (first + np.arange(len(block))) / rate
            yield block, closeness(times, spans.reshape(-1, 2))

    def _going_on(self, score: Score, material: Material):
        """As `_single_sounds`; a sound that goes on needs no bed but where it is heard."""
        rate = material.sound.sample_rate
        splice = Splice(material, score.events, score.mel)
        hop = rate / self._timebase.mel_rate
        runs, total = splice.runs(), self._total(score, rate)
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
