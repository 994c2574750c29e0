"""Lists of events as files, whoever wrote them: one module and one line of `FORMATS` for each."""

import os
from fractions import Fraction

from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.timing.lists import (
    audacity,
    csv_table,
    edl_markers,
    midi,
    reaper_regions,
    wav_markers,
)
from vsg_tf.timing.lists.clock import ListClock
from vsg_tf.timing.lists.list_format import ListFormat
from vsg_tf.timing.timing import Timing

# Asked in this order by a file's first bytes; any other text is taken for our CSV, whose errors say
# what it must look like.
FORMATS = {
    "midi": ListFormat("a MIDI file", (".mid", ".midi"), midi.recognises, midi.read),
    "markers": ListFormat(
        "a WAV file with markers", (".wav",), wav_markers.recognises, wav_markers.read
    ),
    "audacity": ListFormat("Audacity labels", (".txt",), audacity.recognises, audacity.read),
    "reaper": ListFormat(
        "Reaper's list of regions", (".csv",), reaper_regions.recognises, reaper_regions.read
    ),
    "edl": ListFormat(
        "an EDL with markers", (".edl", ".txt"), edl_markers.recognises, edl_markers.read
    ),
    "csv": ListFormat(
        "a CSV list", (".csv", ".tsv"), csv_table.recognises, csv_table.read, csv_table.write
    ),
}
LIST_SUFFIXES = (".csv", ".txt", ".mid", ".midi", ".wav", ".tsv", ".edl")
_HEAD = 1 << 12  # bytes by which a kind is known


def read_timing(
    path: str | os.PathLike,
    duration_s: float,
    frame_rate: Fraction | None = None,
    timecode: str | None = None,
) -> Timing:
    """Read a list of events for a clip.

    Args:
        path: a list in one of the `FORMATS`, whatever its name ends in.
        duration_s: length of the clip in s.
        frame_rate: of the clip, exact; lists may count in frames.
        timecode: of the clip's first picture; lists may count in timecode.

    Raises:
        InputError: the file cannot be read, or an event lies beyond the end; names the line or the
            time.
    """
    path = check_input(path)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise InputError(f"Cannot read the list {path}; check its permissions.") from error
    clock = ListClock(duration_s, frame_rate, timecode)
    for form in FORMATS.values():
        if form.recognises(head):
            return form.read(path, clock)
    kinds = ", ".join(form.name for form in FORMATS.values())
    raise InputError(f"{path} is no list of events; give one of these: {kinds}.")


def write_timing(path: str | os.PathLike, timing: Timing, kind: str = "csv") -> None:
    """Write a timing in place, replacing what is there; the caller makes the file atomic.

    Args:
        path: of the file.
        timing: what is written; read back from CSV, it is the same.
        kind: key of `FORMATS`.

    Raises:
        InputError: lists of this kind are only read.
    """
    write = FORMATS[kind].write if kind in FORMATS else None
    if write is None:
        known = ", ".join(name for name, form in FORMATS.items() if form.write is not None)
        raise InputError(f"Lists cannot be written as {kind!r}; choose from {known}.")
    write(path, timing)
