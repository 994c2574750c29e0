"""What a renderer played for each event, as items."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from vsg_tf.audio.levels import apply_gain
from vsg_tf.audio.resampling import resample
from vsg_tf.handover.description import Item, fade_factors

_RINGING = 512  # samples on both sides of a sound in which the resampler's filter rings
_MOST_GAIN = 48.0  # dB


class Run(NamedTuple):
    """The sound of one event as it is heard.

    Args:
        start: its first sample in the clip; may lie before the clip.
        waveform: `[before + heard + after, channels]` float32.
        event: number of the event, from 0; None: it belongs to none.
        before, after, fade_in, fade_out: as of a `description.Item`.
    """

    start: int
    waveform: np.ndarray
    event: int | None
    before: int = 0
    after: int = 0
    fade_in: int = 0
    fade_out: int = 0

    @property
    def heard(self) -> int:
        """Samples that are heard."""
        return len(self.waveform) - self.before - self.after

    def item(self, gain_db: float) -> Item:
        """The same as an item with a gain of its own."""
        fades = self.fade_in, self.fade_out
        return Item(self.start, self.waveform, self.event, self.before, self.after, *fades, gain_db)


def items_of_runs(
    runs: Iterable[Run],
    samples: int,
    rate: int,
    wanted: int,
    gain_db: float = 0.0,
    gains: np.ndarray | None = None,
) -> Iterator[Item]:
    """Runs as items of a clip, at another rate if wanted.

    The resampler is linear, and each run is brought to the other rate at a place that is a sample
    of both, so that the sum of the items is the sum of the runs at that rate; they lose their
    handles there, because fades have no place between samples.

    Args:
        runs: in order of their start.
        samples: of the clip at the wanted rate.
        rate: of the runs.
        wanted: of the items.
        gain_db: of all; it becomes part of the waveforms.
        gains: dB that the runs of each event were given, NaN where none: they become the items'
            own gain, and the waveforms are as before it.

    Yields:
        Items in order of their start; what lies outside the clip is cut.
    """
    waiting: list[tuple[int, int, Item]] = []
    for number, found in enumerate(runs):
        given = _gain(found.event, gains)
        run = found._replace(waveform=apply_gain(found.waveform, gain_db - given))
        whole = rate == wanted and run.start >= 0 and run.start + run.heard <= samples
        start, waveform = (run.start, run.waveform) if whole else _baked(run, rate, wanted)
        item = run.item(given) if whole else _within(start, waveform, run.event, samples, given)
        if item is not None:
            waiting.append((item.start, number, item))
        # Ringing and the common grid may let a run begin before the one that came before it.
        safe = start - 2 * _RINGING - _grid(rate, wanted)[1]
        waiting.sort(key=lambda one: one[:2])
        while waiting and waiting[0][0] < safe:
            yield waiting.pop(0)[2]
    for _, _, item in waiting:
        yield item


def _gain(event: int | None, gains: np.ndarray | None) -> float:
    """The gain of an item; one that nobody could hear stays in the waveform."""
    if event is None or gains is None or not abs(gains[event]) <= _MOST_GAIN:
        return 0.0
    return float(gains[event])


def _within(
    start: int, waveform: np.ndarray, event: int | None, samples: int, gain_db: float
) -> Item | None:
    waveform = waveform[max(0, -start) :]
    start = max(0, start)
    waveform = waveform[: max(0, samples - start)]
    return Item(start, waveform, event, gain_db=gain_db) if len(waveform) else None


def _grid(rate: int, wanted: int) -> tuple[int, int]:
    """How many samples of the one and of the other rate last equally long."""
    common = math.gcd(rate, wanted)
    return rate // common, wanted // common


def _baked(run: Run, rate: int, wanted: int) -> tuple[int, np.ndarray]:
    """First sample and samples of what is heard, without handles, at another rate if wanted."""
    waveform = run.waveform[run.before : run.before + run.heard]
    waveform = waveform * fade_factors(run.heard, run.fade_in, run.fade_out)[:, None]
    if rate == wanted:
        return run.start, waveform.astype(np.float32)
    step, step_wanted = _grid(rate, wanted)
    lead = _RINGING + (run.start - _RINGING) % step
    padded = np.pad(waveform, [(lead, _RINGING), (0, 0)])
    start = (run.start - lead) // step * step_wanted
    return start, resample(padded, rate, wanted)
