"""A way through recordings for a sound that lasts as long as is wanted.

It reads on for a while, then goes over to a moment that is like the one it would read next, of all
recordings, and of what was not heard lately: no loop is to be heard.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from vsg_tf.grains.joints import line_up
from vsg_tf.grains.material import Material
from vsg_tf.grains.moments import HOP, hop_samples

FADE = 0.04  # s of a joint
_SHORTEST_SHARE, _LONGEST_SHARE = 0.12, 0.5  # of what can be held, a stretch
_SHORTEST, _LONGEST = (0.06, 0.6), (0.12, 2.0)  # s within which these lie
_LEAVES, _ENTRIES, _FINALISTS = 6, 400, 5  # that are weighed
_LEVEL = 0.6  # weight of a dB of difference in level
_ALIKE = 5.0  # of waveforms that are wholly alike, in dB of spectral distance
_RECENT = 9.0  # of what was heard just now
_LAG, _LAG_SECONDS = 2.5, 0.012  # of repeating something after the same time once more
_LAGS = 64  # that are remembered
_BRIGHT = 45.0  # of the whole range of brightness
_COLOURED = 0.18  # s of a stretch at most where the brightness is led
_RECENT_COLOUR = 0.3  # times the cost of what was heard just now, there

Wanted = Callable[[float], float]


@dataclass(frozen=True)
class Stretch:
    """A piece of the recordings in the output.

    Args:
        out: sample of the output at which it begins, the middle of its first joint.
        source: sample of the material that is there.
        count: samples to the middle of the joint at its end.
        alike: of that first joint, 0..1.
    """

    out: int
    source: int
    count: int
    alike: float


class Path:
    """Stretches of what can be held of a material.

    Args:
        material: played from.
        regions: first sample and end of what may be played, `[regions, 2]`.
        start: sample of the material at which it begins, inside a region.
        seed: of chance, any sequence of ints.
        brightness: wanted rank 0..1 at s of the output; None: any.
    """

    def __init__(
        self,
        material: Material,
        regions: np.ndarray,
        start: int,
        seed: list[int],
        brightness: Wanted | None = None,
    ):
        self._material, self._regions = material, regions
        self._rng = np.random.default_rng(seed)
        self._brightness = brightness
        self._rate, self._hop = material.sample_rate, hop_samples(material.sample_rate)
        held = float((regions[:, 1] - regions[:, 0]).sum()) / self._rate
        longest = float((regions[:, 1] - regions[:, 0]).max()) / self._rate
        self._short = round(np.clip(_SHORTEST_SHARE * longest, *_SHORTEST) * self._rate)
        long = np.clip(_LONGEST_SHARE * longest, *_LONGEST)
        if brightness is not None:
            long = min(long, _COLOURED)
            self._short = min(self._short, round(0.6 * long * self._rate))
        self._long = max(round(long * self._rate), self._short + 2 * self._hop)
        self._memory = max(0.6 * held, 0.5)  # s
        moments = np.arange(len(material.moments.level)) * self._hop
        inside = np.zeros(len(moments), bool)
        for first, stop in regions:
            inside |= (moments >= first) & (moments + self._short + self._hop < stop)
        self._entries = np.flatnonzero(inside)
        self._heard = np.full(len(moments) + 1, -np.inf)  # s of the output
        self._offsets: list[tuple[int, int, int]] = []  # of stretches: source, end, output - source
        self._lags: list[float] = []
        self._start = start

    def stretches(self, total: int) -> Iterator[Stretch]:
        """Consecutive stretches that cover `total` samples of the output."""
        out, source, alike = 0, self._start, 0.0
        while True:
            end = self._region_end(source)
            left = total - out
            if left <= min(end - source, self._long) or len(self._entries) == 0:
                yield Stretch(out, source, left, alike)
                return
            count, following, likeness = self._next(out, source, end)
            yield Stretch(out, source, count, alike)
            self._remember(out, source, count)
            out, source, alike = out + count, following, likeness

    def _region_end(self, source: int) -> int:
        """Where the region ends in which a sample lies, or into which it leads."""
        ends = self._regions[(self._regions[:, 0] <= source) & (self._regions[:, 1] > source), 1]
        if not len(ends):
            ends = np.sort(self._regions[self._regions[:, 1] > source, 1])[:1]
        return int(ends.max()) if len(ends) else len(self._material.clean)

    def _next(self, out: int, source: int, end: int) -> tuple[int, int, float]:
        """How many samples are read on, where it goes on from there, and how alike that is."""
        hop, material = self._hop, self._material
        context = material.moments.context
        most = max(min(self._long, end - source - round(FADE * self._rate)), hop)
        least = min(self._short, most)
        leaves = np.unique(self._rng.integers(least, most + 1, _LEAVES) // hop * hop)
        leaves = np.maximum(leaves, min(hop, most))
        entries = self._entries
        if len(entries) > _ENTRIES:
            entries = np.sort(self._rng.choice(entries, _ENTRIES, replace=False))
        at = np.minimum((source + leaves) // hop, len(context) - 1)
        level = material.moments.level
        cost = np.abs(context[at][:, None] - context[entries][None]).mean(axis=(2, 3))
        cost += _LEVEL * np.abs(level[at][:, None] - level[entries][None])
        now = (out + leaves) / self._rate
        if self._brightness is None:
            cost += self._recency(entries, now)
        else:
            cost += _RECENT_COLOUR * self._recency(entries, now) + self._dullness(entries, now)
        best = np.argsort(cost, axis=None, kind="stable")[: _FINALISTS * 3]
        rows, columns = np.unravel_index(best, cost.shape)
        finalists = [(row, c) for row, c in zip(rows, columns, strict=True) if row == rows[0]]
        columns = np.array([column for _, column in finalists[:_FINALISTS]])
        row = int(rows[0])
        shift = (source + leaves[row]) - at[row] * hop  # inside a moment
        wanted = entries[columns] * hop + shift
        placed, alike = line_up(material.mono, int(source + leaves[row]), wanted, self._rate)
        inside = np.array([self._region_end(int(p)) - p > self._short // 2 for p in placed])
        total = cost[row, columns] - _ALIKE * alike - 100.0 * inside
        total += self._repeats(out + int(leaves[row]), placed)
        chosen = int(total.argmin())
        return int(leaves[row]), max(0, int(placed[chosen])), float(np.clip(alike[chosen], 0, 1))

    def _recency(self, entries: np.ndarray, now: np.ndarray) -> np.ndarray:
        ahead = np.minimum(entries[:, None] + np.arange(0, 8, 2), len(self._heard) - 1)
        last = self._heard[ahead].max(axis=1)
        age = now[:, None] - last[None]
        return _RECENT * np.exp(-np.maximum(age, 0) / self._memory)

    def _dullness(self, entries: np.ndarray, now: np.ndarray) -> np.ndarray:
        count = max(round(_COLOURED / HOP), 1)
        ahead = np.minimum(entries[:, None] + np.arange(count), len(self._heard) - 2)
        ranks = self._material.moments.brightness[ahead].mean(axis=1)
        wanted = np.array([self._brightness(float(time) + _COLOURED / 2) for time in now])
        return _BRIGHT * np.abs(ranks[None] - wanted[:, None])

    def _repeats(self, out: int, placed: np.ndarray) -> np.ndarray:
        """What speaks against entries that repeat something after a time heard before."""
        cost = np.zeros(len(placed))
        if not self._lags:
            return cost
        lags = np.array(self._lags)
        for index, source in enumerate(placed):
            for first, stop, offset in self._offsets[-_LAGS:]:
                if first - self._short < source < stop:
                    lag = abs(out - int(source) - offset) / self._rate
                    cost[index] += _LAG * np.any(np.abs(lags - lag) < _LAG_SECONDS)
        return cost

    def _remember(self, out: int, source: int, count: int) -> None:
        first, last = source // self._hop, (source + count) // self._hop
        when = (out + count) / self._rate
        self._heard[first : last + 1] = when
        for other_first, other_stop, offset in self._offsets[-_LAGS:]:
            if source < other_stop and source + count > other_first:
                self._lags.append(abs(out - source - offset) / self._rate)
        self._lags = self._lags[-_LAGS:]
        self._offsets.append((source, source + count, out - source))
        self._offsets = self._offsets[-_LAGS:]
