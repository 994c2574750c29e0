"""Our CSV: one line an event, and where there is one the level curve as a second table.

    time_s,strength,duration_s,take,pitch_semitones,gain_db,confidence
    0.52,1,0.3,2,,,
    1.04,0.8,,,,,

    level_time_s,level_db,brightness
    0,-60.5,0
    0.01,-12.25,0.5

What is written reads back as the same numbers. People may save it from a spreadsheet: semicolons
and tabs, decimal commas, quotes, any line ends and byte-order marks are read, columns and rows come
in any order, and other columns are passed over.
"""

import csv
import io
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import text_file
from vsg_tf.timing.lists.clock import ListClock, number
from vsg_tf.timing.lists.level_table import LEVEL_TIME, curve_from_rows, level_rows
from vsg_tf.timing.timing import Timing

TIME_COLUMNS = ("time_s", "time_frames", "timecode")
DURATION_COLUMNS = ("duration_s", "duration_frames")
HEADER = ("time_s", "strength", "duration_s")  # always written
_TEXT_COLUMNS = frozenset({"name", "note", "notes", "label", "comment", "text"})


@dataclass(frozen=True)
class Column:
    """A column of numbers: its name, the field of `EventTrack`, and its range."""

    name: str
    field: str
    low: float
    high: float
    whole: bool = False

    def parse(self, text: str, place: str) -> float:
        """The value of a cell; an empty one is NaN."""
        if not text.strip():
            return math.nan
        value = number(text, f"{place}, {self.name}")
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            kind = "a whole number" if self.whole else ""
            raise InputError(
                f"{place}: {self.name} must be {kind}{' ' if kind else ''}from {self.low:g} to "
                f"{self.high:g}, not {text.strip()}."
            )
        return value


STRENGTH = Column("strength", "strengths", 0, 1)
OPTIONAL = (
    Column("take", "takes", 1, 1e6, whole=True),
    Column("pitch_semitones", "pitches", -120, 120),
    Column("gain_db", "gains", -200, 200),
    Column("confidence", "confidences", 0, 1),
)
_KNOWN = {*TIME_COLUMNS, *DURATION_COLUMNS, STRENGTH.name, *(each.name for each in OPTIONAL)}


def write(path: str | os.PathLike, timing: Timing) -> None:
    """Write the events, and the level curve where there is one, replacing what is there.

    Optional columns are written where an event has a value in them.
    """
    track = timing.events
    optional = [each for each in OPTIONAL if not np.isnan(getattr(track, each.field)).all()]
    columns = [track.times, track.strengths, track.durations]
    columns += [getattr(track, each.field) for each in optional]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*HEADER, *(each.name for each in optional)])
        writer.writerows([_cell(value) for value in row] for row in zip(*columns, strict=True))
        if timing.level is not None:
            writer.writerow([])
            writer.writerows(level_rows(timing.level))


def _cell(value: float) -> str:
    """The shortest digits that read back as the same number; nothing for NaN."""
    if math.isnan(value):
        return ""
    whole = value == int(value) and abs(value) < 1e15
    return str(int(value)) if whole and math.copysign(1, value) > 0 else repr(float(value))


def recognises(head: bytes) -> bool:
    """Whether it is text; what is wrong with it is said when it is read."""
    return text_file.is_text(head)


def read(path: Path, clock: ListClock) -> Timing:
    """Read events and level curve.

    Raises:
        InputError: a column is missing or a value is impossible; names the line.
    """
    text = text_file.read_text(path)
    rows = _rows(path, text)
    _, header = next(rows, (0, []))
    table = _EventTable(path, [name.strip().lower() for name in header], clock)
    level: list[tuple[int, list[str]]] | None = None
    for line, row in rows:
        if row[0].strip().lower() == LEVEL_TIME:
            if level is not None:
                raise InputError(f"{path} line {line}: there is a second level curve.")
            level = [(line, row)]
        elif level is not None:
            level.append((line, row))
        else:
            table.add(line, row)
    curve = None if level is None else curve_from_rows(path, level)
    return Timing(clock.duration_s, table.track(), curve, notes=table.notes)


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines with something in them and their numbers."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"Cannot read the list {path}; it must be a CSV file.") from error


class _EventTable:
    """The first table, row by row."""

    def __init__(self, path: Path, header: list[str], clock: ListClock):
        self._path, self._clock = path, clock
        self._header = header
        if header[:1] == [LEVEL_TIME]:
            raise InputError(f"{path} begins with a level curve; events come first.")
        self._time = self._one_of(TIME_COLUMNS)
        if self._time is None:
            raise InputError(
                f"{path} lacks the column time_s; its first line must be {','.join(HEADER)}."
            )
        self._duration = self._one_of(DURATION_COLUMNS)
        self._fields: list[list[float]] = []
        self._columns = [each for each in (STRENGTH, *OPTIONAL) if each.name in header]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of it."""
        others = [n for n in self._header if n and n not in _KNOWN and n not in _TEXT_COLUMNS]
        return tuple(
            f"{self._path}: the column {name} is not known and ignored." for name in others
        )

    def add(self, line: int, row: list[str]) -> None:
        """Read one event."""
        place = f"{self._path} line {line}"
        extra = row[len(self._header) :]
        if any(cell.strip() for cell in extra) and all(_is_number(cell) for cell in row):
            raise InputError(
                f"{place} has more cells than the first line; where decimals are written with a "
                "comma, separate the columns by semicolons."
            )
        cells = dict(zip(self._header, row, strict=False))
        time = self._clock.moment(self._counted(cells, self._time, place), f"{place}, {self._time}")
        strength, duration = 1.0, math.nan
        if STRENGTH.name in self._header:
            strength = STRENGTH.parse(cells.get(STRENGTH.name, ""), place)
            if math.isnan(strength):
                raise InputError(f"{place}: time and strength must be numbers, not empty.")
        if self._duration is not None and cells.get(self._duration, "").strip():
            text = self._counted(cells, self._duration, place)
            duration = self._clock.length(text, f"{place}, {self._duration}")
        optional = [
            column.parse(cells.get(column.name, ""), place) if column in self._columns else math.nan
            for column in OPTIONAL
        ]
        self._fields.append([time, strength, duration, *optional])

    def track(self) -> EventTrack:
        """All events."""
        return EventTrack(*np.array(self._fields).T) if self._fields else EventTrack.empty()

    def _one_of(self, names: tuple[str, ...]) -> str | None:
        found = [name for name in names if name in self._header]
        if len(found) > 1:
            raise InputError(f"{self._path} has both {found[0]} and {found[1]}; keep one.")
        return found[0] if found else None

    def _counted(self, cells: dict[str, str], column: str, place: str) -> str:
        """A time's text, with its unit where that is the column's."""
        text = cells.get(column, "").strip()
        if not text:
            raise InputError(f"{place}: {column} must be given, not empty.")
        if column == "timecode" and ":" not in text:
            raise InputError(f"{place}: {text} is no timecode such as 01:00:00:00.")
        return f"{text}f" if column.endswith("_frames") and text.lstrip("+-").isdigit() else text


def _is_number(cell: str) -> bool:
    return not cell.strip() or cell.strip().lstrip("+-").replace(".", "", 1).isdigit()
