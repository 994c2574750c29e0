"""Event tracks: when something sounds, how strongly, and for how long. Beyond the paper.

An event track is what the model hears in the picture, as a table that a person can edit.
"""

import csv
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from vsg_tf.atomic import atomic_path
from vsg_tf.errors import InputError

STRENGTH_RANGE_DB = 30.0  # strength 0 is this far below the loudest event
ENVELOPE_RANGE_DB = 45.0  # envelope 0 is this far below the clip's maximum
COLUMNS = ("time_s", "strength", "duration_s")
_LONGEST = 1e6  # s


@dataclass(frozen=True)
class EventTrack:
    """Events in order of time.

    Args:
        times: seconds from the first video frame, `[events]` float64, >= 0.
        strengths: 0..1 on a decibel scale: 1 is the loudest, 0 is 30 dB below it.
        durations: seconds until the sound has died away, > 0; NaN: as long as the recording does.
        takes: which take of the reference is played, counted from 1; NaN: the renderer chooses.
        pitches: semitones by which the take is played higher; NaN: the renderer chooses.
        gains: dB added to the take as recorded; NaN: the renderer chooses.
        confidences: 0..1, how likely the event is right; NaN: not known.

    The last four may be None, which is NaN for every event.
    """

    times: np.ndarray
    strengths: np.ndarray
    durations: np.ndarray
    takes: np.ndarray | None = None
    pitches: np.ndarray | None = None
    gains: np.ndarray | None = None
    confidences: np.ndarray | None = None

    def __post_init__(self):
        order = np.argsort(np.asarray(self.times, np.float64), kind="stable")
        for field in fields(self):
            values = getattr(self, field.name)
            if values is None:
                values = np.full(len(order), np.nan)
            values = np.asarray(values, np.float64)
            if values.shape != order.shape:
                raise ValueError("times, strengths, durations and the rest must have one length")
            object.__setattr__(self, field.name, values[order])

    @classmethod
    def empty(cls) -> "EventTrack":
        """A track without events."""
        return cls(np.zeros(0), np.zeros(0), np.zeros(0))

    def __len__(self) -> int:
        return len(self.times)

    def select(self, chosen: np.ndarray) -> "EventTrack":
        """The events of a mask or of indices, `[events]` bool or int."""
        return EventTrack(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def replaced(self, **columns: np.ndarray) -> "EventTrack":
        """The same events with other values in some columns."""
        return replace(self, **columns)

    def crop(self, start: float, stop: float) -> "EventTrack":
        """Events with `start <= time < stop`, times counted from `start`."""
        inside = self.select((self.times >= start) & (self.times < stop))
        return inside.replaced(times=inside.times - start)

    def to_array(self, max_events: int | None = None) -> np.ndarray:
        """`[max_events, 3]` float32 rows of (time, strength, duration); unused rows are zero.

        Where there are more than `max_events`, the strongest are kept.
        """
        rows = np.stack([self.times, self.strengths, self.durations], axis=-1)
        if max_events is None:
            return rows.astype(np.float32)
        if len(rows) > max_events:
            keep = np.sort(np.argsort(-self.strengths, kind="stable")[:max_events])
            rows = rows[keep]
        padded = np.zeros((max_events, 3), np.float32)
        padded[: len(rows)] = rows
        return padded


def write_events(path: str | os.PathLike, track: EventTrack, overwrite: bool = False) -> None:
    """Write a CSV file with the columns time_s, strength, duration_s.

    Raises:
        InputError: the file exists and `overwrite` is False, or it cannot be written.
    """
    with (
        atomic_path(path, overwrite) as temporary,
        temporary.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in zip(track.times, track.strengths, track.durations, strict=True):
            # The shortest digits that read back as the same number.
            writer.writerow([float(value) for value in row])


def _parse_row(path: Path, line: int, row: dict) -> tuple[float, float, float]:
    try:
        values = tuple(float(row[column]) for column in COLUMNS)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{path} line {line}: time_s, strength and duration_s must be numbers."
        ) from error
    time, strength, duration = values
    if not 0 <= time <= _LONGEST:
        raise InputError(f"{path} line {line}: time_s must be at least 0 and finite.")
    if not 0 <= strength <= 1:
        raise InputError(f"{path} line {line}: strength must be from 0 to 1, not {strength:g}.")
    if not 0 < duration <= _LONGEST:
        raise InputError(
            f"{path} line {line}: duration_s must be above 0 and finite, not {duration:g}."
        )
    return time, strength, duration


def read_events(path: str | os.PathLike) -> EventTrack:
    """Read what `write_events` wrote, possibly edited; rows may come in any order.

    Raises:
        InputError: the file cannot be read, lacks a column or holds an impossible value.
    """
    path = Path(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            missing = [column for column in COLUMNS if column not in reader.fieldnames]
            if missing:
                raise InputError(
                    f"{path} lacks the column {missing[0]}; its first line must be "
                    f"{','.join(COLUMNS)}."
                )
            rows = [_parse_row(path, reader.line_num, row) for row in reader if any(row.values())]
    except FileNotFoundError as error:
        raise InputError(f"There is no events file {path}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"Cannot read the events file {path}; it must be a CSV file.") from error
    if not rows:
        return EventTrack.empty()
    return EventTrack(*np.array(rows).T)
