"""Reaper's list of regions and markers, as its Region/Marker Manager exports it.

A CSV whose first line is `#,Name,Start,End,Length`. Times are written as the project's ruler shows
them: seconds, minutes and seconds, or timecode. The project's beginning is the clip's first
picture, unless times are timecode, which is the clip's own.
"""

import csv
import io
import math
import re
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import text_file
from vsg_tf.timing.lists.clock import ListClock
from vsg_tf.timing.timing import Timing

_HEADER = ("#", "name", "start")
_MINUTES = re.compile(r"(?:(\d+):)?(\d+):(\d+[.,]\d+)")
_BEATS = re.compile(r"-?\d+\.\d+\.\d+")


def recognises(head: bytes) -> bool:
    """Whether the first line is that of the export."""
    if not text_file.is_text(head):
        return False
    first = text_file.decode(head).lstrip().partition("\n")[0].lower().replace('"', "")
    return tuple(cell.strip() for cell in re.split("[,;\t]", first)[:3]) == _HEADER


def read(path: Path, clock: ListClock) -> Timing:
    """Every marker and region is an event at full strength; a region lasts as long as it is.

    Raises:
        InputError: a time cannot be read, or lies outside the clip; names the line.
    """
    text = text_file.read_text(path)
    separator = next((each for each in ",;\t" if each in text.partition("\n")[0]), ",")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
    times, durations = [], []
    try:
        for row in rows:
            if not (row.get("start") or "").strip():
                continue
            place = f"{path} line {rows.line_num}"
            start = clock.moment(_plain(row["start"], place), place)
            length = _plain(row.get("length") or "", place)
            times.append(start)
            durations.append(clock.length(length, place) if _is_long(length) else math.nan)
    except csv.Error as error:
        raise InputError(f"Cannot read {path}; export the regions again.") from error
    if not times:
        raise InputError(f"{path} holds no regions or markers; set some, and export it again.")
    return Timing(clock.duration_s, EventTrack(times, [1.0] * len(times), durations))


def _plain(text: str, place: str) -> str:
    """Minutes and seconds as seconds; everything else as it is."""
    text = text.strip()
    if _BEATS.fullmatch(text):
        raise InputError(
            f"{place}: {text} counts bars and beats; let the ruler show seconds or timecode, and "
            "export the regions again."
        )
    parts = _MINUTES.fullmatch(text)
    if parts is None:
        return text
    hours, minutes, seconds = parts.groups()
    return repr(3600 * int(hours or 0) + 60 * int(minutes) + float(seconds.replace(",", ".")))


def _is_long(length: str) -> bool:
    return any(digit in "123456789" for digit in length)
