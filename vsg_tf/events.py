"""Event tracks: when something sounds, how strongly, and for how long. Beyond the paper.

An event track is what is played, as a table that a person can edit; `vsg_tf.timing.lists` reads and
writes it.
"""

from dataclasses import dataclass, fields, replace

import numpy as np

STRENGTH_RANGE_DB = 30.0  # strength 0 is this far below the loudest event
ENVELOPE_RANGE_DB = 45.0  # envelope 0 is this far below the clip's maximum


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
