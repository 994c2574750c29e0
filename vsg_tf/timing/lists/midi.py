"""MIDI files: a performance on keys or pads, at any tempo.

Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001). The file's beginning is the clip's
first picture.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists.clock import ListClock
from vsg_tf.timing.timing import Timing

MAGIC = b"MThd"
DEFAULT_TEMPO = 500_000  # microseconds a beat: 120 beats a minute
LOUDEST, SOFTEST = 127, 1  # velocities; 0 ends a note
_NTSC = {29: Fraction(30_000, 1001)}  # SMPTE's name for 30 drop frame


def recognises(head: bytes) -> bool:
    """Whether it begins as a MIDI file."""
    return head.startswith(MAGIC)


def strength(velocity: int) -> float:
    """Strength 0..1 of a velocity 1..127: 30 dB from the softest to the loudest."""
    return (velocity - SOFTEST) / (LOUDEST - SOFTEST)


def velocity(strength: float) -> int:
    """The velocity 1..127 whose strength is nearest."""
    return SOFTEST + round(strength * (LOUDEST - SOFTEST))


def read(path: Path, clock: ListClock) -> Timing:
    """Every note of every track and channel is an event.

    It lasts until the note ends; one that is never ended lasts as long as the recording does.

    Raises:
        InputError: the file is damaged, has no notes, holds patterns without a common time, or a
            note lies beyond the clip's end.
    """
    seconds, messages = _messages(path)
    sounding: dict[tuple[int, int], list[int]] = defaultdict(list)
    notes: list[list[float]] = []
    for tick, message in messages:
        if message.type not in ("note_on", "note_off"):
            continue
        held = sounding[message.channel, message.note]
        time = float(seconds(tick))
        if message.type == "note_on" and message.velocity > 0:
            place = f"{path}, note {message.note}"
            held.append(len(notes))
            notes.append([clock.within(time, place), strength(message.velocity), math.nan])
        elif held:
            begun = notes[held.pop(0)]
            begun[2] = time - begun[0] or math.nan
    if not notes:
        raise InputError(f"{path} holds no notes; record or draw some, and export it again.")
    return Timing(clock.duration_s, EventTrack(*zip(*notes, strict=True)))


def _messages(path: Path):
    """A function from ticks to seconds, and all messages in order of their ticks."""
    import mido  # only who gives MIDI waits for it

    try:
        file = mido.MidiFile(path, clip=True)
        tracks = [list(_ticked(track)) for track in file.tracks]
        kind, division = file.type, file.ticks_per_beat
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise InputError(f"{path} is no MIDI file or damaged; export it again.") from error
    if kind == 2:
        raise InputError(
            f"{path} holds patterns without a common time (type 2); export it as type 0 or 1."
        )
    # Of one tick, tracks come in their order, and notes end before others begin.
    messages = sorted(
        (each for track in tracks for each in track), key=lambda each: (each[0], _begins(each[1]))
    )
    if division == 0:
        raise InputError(f"{path} does not say how long a tick is; export it again.")
    if division < 0:
        return _smpte_seconds(division), messages
    tempi = [(tick, message.tempo) for tick, message in messages if message.type == "set_tempo"]
    return _TempoMap(tempi, division).seconds, messages


def _ticked(track) -> Iterator[tuple[int, object]]:
    tick = 0
    for message in track:
        tick += message.time
        yield tick, message


def _begins(message) -> bool:
    return message.type == "note_on" and message.velocity > 0


def _smpte_seconds(division: int):
    """Where a tick is a part of a frame, tempo means nothing."""
    frames, ticks = 256 - ((division >> 8) & 0xFF), division & 0xFF
    rate = _NTSC.get(frames, Fraction(frames)) * max(ticks, 1)
    return lambda tick: tick / rate


class _TempoMap:
    """Seconds of ticks, exact, for ticks in ascending order or not.

    Args:
        changes: (tick, microseconds a beat) in order of ticks.
        ticks_per_beat: of the file.
    """

    def __init__(self, changes: list[tuple[int, int]], ticks_per_beat: int):
        self._unit = Fraction(1, 1_000_000 * ticks_per_beat)
        self._segments = [(0, 0, DEFAULT_TEMPO)]  # first tick, its time in units, tempo
        for tick, tempo in changes:
            first, units, before = self._segments[-1]
            self._segments.append((tick, units + (tick - first) * before, tempo))

    def seconds(self, tick: int) -> Fraction:
        """When the tick is, in seconds after the file's beginning."""
        first, units, tempo = next(each for each in reversed(self._segments) if each[0] <= tick)
        return (units + (tick - first) * tempo) * self._unit
