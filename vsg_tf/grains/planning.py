"""From a timing to takes, pitches and gains, and to the sounds in the output."""

from dataclasses import replace

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.grains.choosing import choose, event_gains
from vsg_tf.grains.following import Follower
from vsg_tf.grains.holding import Held
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.material import Material
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.takes import Take, strongest
from vsg_tf.grains.variation import Variation, draw
from vsg_tf.grains.voices import Fading, Single, Sounding
from vsg_tf.timing.timing import LevelCurve, Timing

ESTIMATED_DYNAMICS = 0.15  # benchmarks/dynamics.py: what has the least level error on real clips
_HOLD_FROM = 1.15  # times its own length from which a sound is held
_SHORTEST = 0.03  # s
_HEARD_DB = -50.0  # of a level curve: softer is silence
_BRIDGED = 0.15  # s of silence that do not end a sound that lasts


def follow_of(timing: Timing, options: GrainOptions) -> float:
    """How far the level curve is followed."""
    if timing.level is None:
        return 0.0
    if options.follow is None:
        return 0.0 if timing.estimated else 1.0
    return options.follow


def plan_events(material: Material, timing: Timing, options: GrainOptions) -> EventTrack:
    """The events that are played, each with its take, pitch and gain.

    Where the material lasts, what was performed is not cut into events: they are where the level
    curve is heard. Where a picture shows no event at all, a sound that lasts is heard throughout.
    """
    events = timing.events.select(timing.events.times < timing.duration_s)
    lasting = main_take(material).kind is Kind.LASTING
    if lasting and timing.estimated and len(events) == 0 and timing.features is None:
        events = EventTrack(np.zeros(1), np.ones(1), np.array([timing.duration_s]))
    if lasting and timing.features is not None and len(events) == 0:
        events = EventTrack(np.zeros(1), np.ones(1), np.array([timing.duration_s]))
    chosen_before = len(events) > 0 and np.isfinite(events.takes).all()
    if lasting and follow_of(timing, options) > 0 and not chosen_before:
        events = _stretches(events, timing.level, timing.duration_s)
    if len(events) == 0:
        return events
    takes, rate = material.takes, material.sample_rate
    lengths = _room(events, timing)
    bright = _brightness(timing, events)
    chosen = choose(takes, events, lengths, rate, bright, options.seed)
    dynamics = options.dynamics
    if dynamics is None:
        dynamics = ESTIMATED_DYNAMICS if timing.estimated else 1.0
    gains = event_gains(takes, events, chosen, dynamics)
    pitches = np.zeros(len(events))
    for index, which in enumerate(chosen):
        if takes[which].kind is not Kind.LASTING and index > 0:
            variation = draw(options.seed, index, options.variation)
            pitches[index] = variation.pitch
            gains[index] += min(variation.level_db, 0.0) * 2
    durations = events.durations
    if timing.estimated:  # a guess ends no sound that rings out by itself
        lasts = np.array([takes[which].kind is Kind.LASTING for which in chosen])
        durations = np.where(lasts, durations, np.nan)
    return events.replaced(
        durations=durations,
        takes=chosen + 1.0,
        pitches=np.where(np.isnan(events.pitches), pitches, events.pitches),
        gains=np.where(np.isnan(events.gains), gains, events.gains),
    )


def plan_sounds(
    material: Material, timing: Timing, events: EventTrack, options: GrainOptions
) -> list[Sounding]:
    """The sounds of planned events, in the order in which they begin to be heard."""
    rate, amount = material.sample_rate, follow_of(timing, options)
    top = strongest(material.takes).level
    follower = Follower(timing.level, top, amount) if amount > 0 else None
    bright = None
    if amount > 0 and timing.level.brightness is not None:
        bright = _at(timing.level)
    pitched: dict[float, Material] = {0.0: material}
    sounds: list[Sounding] = []
    for index in range(len(events)):
        take = material.takes[int(events.takes[index]) - 1]
        time, pitch = float(events.times[index]), float(events.pitches[index])
        length = _length(take, float(events.durations[index]), pitch, rate, timing.estimated)
        gain = float(events.gains[index])
        if not _is_held(take, length, pitch, rate):
            tilt = draw(options.seed, index, options.variation).tilt_db if index > 0 else 0.0
            if take.kind is Kind.LASTING:
                tilt = 0.0
            one = Single(material, take, time, length, gain, Variation(pitch, tilt, 0.0), follower)
        else:
            if take.kind is not Kind.LASTING and abs(pitch) <= 0.25:
                pitch = 0.0
            if pitch not in pitched:
                pitched[pitch] = material.pitched(pitch)
            source = pitched[pitch]
            same = source.takes[int(events.takes[index]) - 1]
            seed = [options.seed, index]
            one = Held(source, same, time, length, gain, seed, follower, bright)
        placed = _with_room(one, take, events, index, options, rate)
        placed.event = index
        sounds.append(placed)
    return sorted(sounds, key=lambda sound: sound.start)


def main_take(material: Material) -> Take:
    """The take that most of the material's sound is in."""
    known = [take for take in material.takes if not take.unlike and take.part_of < 0]
    return max(known, key=lambda take: (take.hold_stop - take.hold_first) * 10 ** (take.level / 20))


def _length(take: Take, duration: float, pitch: float, rate: int, estimated: bool) -> float:
    """s from the attack to the end of a sound; NaN: its own end."""
    own = (take.stop - take.attack) / rate / 2 ** (pitch / 12)
    if take.kind is Kind.LASTING:
        return max(own if np.isnan(duration) else duration, _SHORTEST)
    return np.nan if estimated or np.isnan(duration) else max(duration, _SHORTEST)


def _is_held(take: Take, length: float, pitch: float, rate: int) -> bool:
    own = (take.stop - take.attack) / rate / 2 ** (pitch / 12)
    if take.kind is Kind.LASTING:
        return True
    return take.kind is Kind.MIXED and not np.isnan(length) and length > _HOLD_FROM * own


def _with_room(
    one: Sounding, take: Take, events: EventTrack, index: int, options: GrainOptions, rate: int
) -> Sounding:
    """The sound, faded under the attack of the next where it does not sound on."""
    overlap = take.rings if options.overlap is None else options.overlap
    later = events.times[index + 1 :]
    later = later[later > events.times[index]]
    if overlap or len(later) == 0 or round(later[0] * rate) >= one.stop:
        return one
    return Fading(one, round(later[0] * rate), rate)


def _room(events: EventTrack, timing: Timing) -> np.ndarray:
    """s that each event has: as long as it says, and to the next one; NaN: any."""
    following = np.append(events.times[1:], np.inf) - events.times
    following[following <= 0] = np.inf
    said = np.full(len(events), np.nan) if timing.estimated else events.durations
    room = np.fmin(said, following)
    return np.where(np.isinf(room), np.nan, room)


def _brightness(timing: Timing, events: EventTrack) -> np.ndarray | None:
    """Wanted rank of each event's brightness."""
    if timing.level is None or timing.level.brightness is None:
        return None
    at = _at(timing.level)
    moments = events.times[:, None] + np.array([0.02, 0.05, 0.08])
    return np.vectorize(at)(moments).mean(axis=1)


def _at(level: LevelCurve):
    known = np.arange(len(level.brightness)) / level.rate
    return lambda time: float(np.interp(time, known, level.brightness))


def _stretches(events: EventTrack, level: LevelCurve, duration: float) -> EventTrack:
    """Where a level curve is heard, or an event sounds, as events at full strength."""
    step = 0.01
    times = np.arange(0, duration, step)
    heard = level.at(times) > _HEARD_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[0], heard.astype(int), [0]]))).reshape(-1, 2)
    joined: list[list[float]] = []
    for first, stop in edges * step:
        if joined and first - joined[-1][1] < _BRIDGED:
            joined[-1][1] = stop
        else:
            joined.append([first, stop])
    if not joined:
        return replace(events.select(np.zeros(len(events), bool)))
    starts, stops = np.array(joined).T
    return EventTrack(starts, np.ones(len(starts)), np.maximum(stops - starts, _SHORTEST))
