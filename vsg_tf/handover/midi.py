"""Events as notes of a MIDI file, one file a layer (Standard MIDI Files 1.0).

A tick is a sample, so that notes are where events are; velocity is strength over 30 dB. Notes that
would overlap get neighbouring keys, because the end of one would otherwise end the other.
"""

import math

import mido

from vsg_tf.handover.written import Written, WrittenLayer
from vsg_tf.timecode import TimecodeRate
from vsg_tf.timing.lists.midi import velocity

FOLDER = "midi"
KEY = 60  # middle C
_HIGHEST_KEY = 127
_MOST_TICKS = 32_767  # a beat
_UNKNOWN_LENGTH = 0.1  # s of a note whose event lasts as long as the recording does


def write(written: Written) -> None:
    """Write `midi/LAYER.mid` for each layer."""
    folder = written.folder / FOLDER
    folder.mkdir()
    for layer in written.layers:
        _file(written, layer).save(folder / f"{layer.slug}.mid")


def _file(written: Written, layer: WrittenLayer) -> mido.MidiFile:
    session = written.session
    beats, ticks = tick_grid(session.sample_rate)
    file = mido.MidiFile(type=0, ticks_per_beat=ticks)
    track = mido.MidiTrack()
    file.tracks.append(track)
    track.append(mido.MetaMessage("track_name", name=_latin(layer.name)))
    track.append(mido.MetaMessage("set_tempo", tempo=1_000_000 // beats))
    track.append(_smpte_offset(session.rate, session.start_frame))
    messages = sorted(_messages(layer, ticks * beats))
    now = 0
    for tick, _, kind, key, strength in messages:
        track.append(mido.Message(kind, note=key, velocity=strength, time=tick - now))
        now = tick
    return file


def tick_grid(sample_rate: int) -> tuple[int, int]:
    """Beats a second and ticks a beat so that a tick is a sample, at 120 beats a minute if it can.

    A rate that no tempo meets gets 48,000 ticks a second.
    """
    for beats in (2, 1, 4, 5, 8, 10, 20):
        ticks, rest = divmod(sample_rate, beats)
        if rest == 0 and ticks <= _MOST_TICKS:
            return beats, ticks
    return 2, 24_000


def _messages(layer: WrittenLayer, rate: int):
    """Tick, order within a tick (ends come first), kind, key and velocity."""
    busy_until: list[int] = []  # by key
    events = layer.events
    for time, strength, duration in zip(
        events.times, events.strengths, events.durations, strict=True
    ):
        length = _UNKNOWN_LENGTH if math.isnan(duration) else duration
        first, last = round(time * rate), round((time + length) * rate)
        last = max(first + 1, last)
        lane = next((i for i, until in enumerate(busy_until) if until <= first), len(busy_until))
        if KEY + lane > _HIGHEST_KEY:
            lane = min(range(len(busy_until)), key=busy_until.__getitem__)
        busy_until[lane : lane + 1] = [last]
        yield first, 1, "note_on", KEY + lane, velocity(strength)
        yield last, 0, "note_off", KEY + lane, 0


def _smpte_offset(rate: TimecodeRate, start_frame: int) -> mido.MetaMessage:
    """MIDI knows 24, 25, 29.97 drop frame and 30: others are written as the one that they double
    or nearly are."""
    hours, minutes, seconds, frames = (
        int(part) for part in rate.format(start_frame).replace(";", ":").split(":")
    )
    double = rate.nominal > 30
    nominal = rate.nominal // 2 if double else rate.nominal
    known = 29.97 if rate.drop_frame else nominal if nominal in (24, 25, 30) else 30
    half = 50 * (frames % 2) if double else 0  # hundredths of a frame
    return mido.MetaMessage(
        "smpte_offset",
        frame_rate=known,
        hours=hours,
        minutes=minutes,
        seconds=seconds,
        frames=frames // 2 if double else min(frames, int(known)),
        sub_frames=half,
    )


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")
