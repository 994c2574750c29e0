"""Sounds that last as long as their event."""

from collections.abc import Sequence

import numpy as np

from vsg_tf.grains.following import Follower
from vsg_tf.grains.joints import cross_fade, line_up
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.levels import HOP, excerpt, level_curve, rise, to_samples
from vsg_tf.grains.material import Material
from vsg_tf.grains.moments import hop_samples
from vsg_tf.grains.paths import FADE, Path, Stretch, Wanted
from vsg_tf.grains.takes import Take

_EDGES = (0.02, 0.4)  # s within which the fades of a sound without beginning or end lie
_EDGE_DB = 30.0  # as fast as the recording itself changes by so much
_SLOPE_SECONDS, _SLOPE_SHARE = 0.04, 98.0  # over which that is measured, and percentile
_MOST_RELEASE = 1.5  # s of a recording's own end
_BEFORE_END = 0.03  # s before the loud part's end at which that begins
_STRIKE = 4  # moments on both sides of a beginning
_MOST_RISE_DB, _BEST_SHARE = 12.0, 0.12
_MARGIN = 0.2  # s of level around a block


class Held:
    """A sound that is held: a natural beginning, a way through its like, a natural end.

    Args:
        material: played from.
        take: that it begins with, and that it is like.
        time: s in the output at which its attack is.
        length: s from there to its end.
        gain_db: of it.
        seed: of chance.
        follower: of the loudness that is wanted; None: as recorded.
        brightness: wanted rank 0..1 at s of the output; None: any.
    """

    def __init__(
        self,
        material: Material,
        take: Take,
        time: float,
        length: float,
        gain_db: float,
        seed: list[int],
        follower: Follower | None = None,
        brightness: Wanted | None = None,
    ):
        rate = material.sample_rate
        self._material, self._take, self._rate = material, take, rate
        self._gain_db, self._follower = gain_db, follower
        rng = np.random.default_rng([*seed, 3])
        endless = take.kind is Kind.LASTING and take.cut
        lead = 0 if endless else take.attack - take.begin
        self.start = round(time * rate) - lead
        self.stop = round((time + length) * rate)
        count = max(1, self.stop - self.start)
        self.stop = self.start + count
        release = 0 if take.cut else min(take.stop - take.hold_stop, round(_MOST_RELEASE * rate))
        release = min(release, count // 3)
        self._release, self._body = release, count - release
        regions = _regions(material.takes, take)
        start = take.begin
        if endless:
            start = _striking_moment(material, take, min(count, rate), rng)
        edge = _edge_seconds(material, take)
        self._edges = (
            round(min(edge, 0.25 * length) * rate) if endless else round(0.004 * rate),
            round((min(edge, 0.25 * length) if take.cut else 0.02) * rate),
        )
        wanted = None if brightness is None else lambda s: brightness(s + self.start / rate)
        path = Path(material, regions, start, [*seed, 4], wanted)
        self._coming = path.stretches(self._body)
        self._stretches: list[Stretch] = []
        self._finished = False

    def part(self, handle: int) -> None:
        """There is nothing beside it: it is made as long as it is heard."""

    def read(self, first: int, stop: int) -> np.ndarray:
        first, stop = first - self.start, stop - self.start
        self._plan(stop + round(_MARGIN * self._rate))
        half = round(FADE / 2 * self._rate)
        made = np.zeros((stop - first, self._material.channels), np.float32)
        for index, one in enumerate(self._stretches):
            before = half if index > 0 else 0
            last = index == len(self._stretches) - 1
            after = 0 if last else half
            begin, end = one.out - before, one.out + one.count + after
            low, high = max(begin, first), min(end, stop)
            if low >= high:
                continue
            source = one.source + low - one.out
            part = excerpt(self._material.clean, source, high - low)
            if before and low < one.out + half:
                part = part * self._joint(half, one.alike, low - begin, high - low, 1)
            if after and high > end - 2 * half:
                alike = self._stretches[index + 1].alike
                part = part * self._joint(half, alike, low - (end - 2 * half), high - low, 0)
            made[low - first : high - first] += part
        made *= to_samples(*self._gain(first, stop))
        self._fade_edges(made, first, stop)
        return made

    def _joint(self, half: int, alike: float, first: int, count: int, side: int) -> np.ndarray:
        """Factors of one side of a joint from its sample `first` on, 1 or 0 beyond it."""
        curve = cross_fade(2 * half, alike)[side]
        at = np.arange(first, first + count)
        factors = curve[np.clip(at, 0, 2 * half - 1)]
        factors[at < 0] = 1 - side
        factors[at >= 2 * half] = side
        return factors

    def _plan(self, until: int) -> None:
        """Make sure that the stretches up to a sample are known."""
        while not self._finished and (not self._stretches or _end(self._stretches[-1]) < until):
            following = next(self._coming, None)
            if following is not None:
                self._stretches.append(following)
                continue
            self._finished = True
            if self._release:
                self._stretches.append(self._own_end())

    def _own_end(self) -> Stretch:
        last = self._stretches[-1]
        enter = self._take.stop - self._release
        if self._take.stop - self._take.hold_stop <= self._release:
            enter = max(self._take.attack, enter - round(_BEFORE_END * self._rate))
        placed, alike = line_up(
            self._material.mono, last.source + last.count, np.array([enter]), self._rate
        )
        source = min(int(placed[0]), self._take.stop - 1)
        return Stretch(self._body, max(0, source), self._release, float(np.clip(alike[0], 0, 1)))

    def _gain(self, first: int, stop: int) -> tuple[np.ndarray, int, int, int]:
        """A gain curve in dB, the rate, the curve's sample that is `first`, and how many follow."""
        count = stop - first
        if self._follower is None:
            return np.full(1, self._gain_db), self._rate, 0, count
        step = HOP * self._rate
        low = max(0, int((first - _MARGIN * self._rate) / step))
        at = np.arange(low, int((stop + _MARGIN * self._rate) / step) + 1) * step
        own = self._gain_db + self._level(at)
        gain = self._gain_db + self._follower.held((at + self.start) / self._rate, own)
        return gain, self._rate, round(first - low * step), count

    def _level(self, at: np.ndarray) -> np.ndarray:
        """Level in dB as recorded at samples of this sound."""
        starts = np.array([one.out for one in self._stretches])
        which = np.clip(np.searchsorted(starts, at, side="right") - 1, 0, len(starts) - 1)
        sources = np.array([one.source for one in self._stretches])
        level = self._material.moments.level
        position = (sources[which] + at - starts[which]) / hop_samples(self._rate)
        return np.interp(position, np.arange(len(level)), level)

    def _fade_edges(self, made: np.ndarray, first: int, stop: int) -> None:
        rising, falling = self._edges
        if first < rising:
            part = rise(rising)[first:stop]
            made[: len(part)] *= part
        begin = self.stop - self.start - falling
        if stop > begin:
            part = rise(falling)[::-1][max(0, first - begin) : stop - begin]
            made[len(made) - len(part) :] *= part


def _striking_moment(material: Material, take: Take, room: int, rng: np.random.Generator) -> int:
    """A sample just before it gets loud, with so many samples left after it, drawn among the best.

    A sound that lasts begins with something that can be heard to begin.
    """
    hop = hop_samples(material.sample_rate)
    first, stop = -(-take.hold_first // hop), max(take.hold_stop - room, take.hold_first) // hop
    level = material.moments.level
    at = np.arange(first, max(stop, first + 1))
    after = np.array([level[i : i + _STRIKE].max() for i in at])
    before = np.array([level[max(first, i - _STRIKE) : i].mean() if i > first else 0 for i in at])
    before = np.where(at > first, before, after)
    score = np.minimum(after - before, _MOST_RISE_DB) + 0.5 * after
    best = at[np.argsort(-score, kind="stable")[: max(1, round(_BEST_SHARE * len(at)))]]
    return int(rng.choice(best)) * hop


def _end(stretch: Stretch) -> int:
    return stretch.out + stretch.count


def _regions(takes: Sequence[Take], take: Take) -> np.ndarray:
    """What may be played instead of a take: the loud parts of all that can be held."""
    alike = [one for one in takes if one.kind is not Kind.SINGLE and one.unlike == take.unlike]
    if take.kind is Kind.SINGLE:
        alike.append(take)
    return np.array([(one.hold_first, one.hold_stop) for one in alike])


def _edge_seconds(material: Material, take: Take) -> float:
    """How fast the recording itself rises and falls."""
    part = material.clean[take.hold_first : take.hold_stop]
    level = level_curve(part, material.sample_rate, 0.02)
    step = round(_SLOPE_SECONDS / HOP)
    if len(level) <= step:
        return _EDGES[0]
    slope = np.percentile(np.abs(level[step:] - level[:-step]), _SLOPE_SHARE) / _SLOPE_SECONDS
    return float(np.clip(_EDGE_DB / max(slope, 1e-9), *_EDGES))
