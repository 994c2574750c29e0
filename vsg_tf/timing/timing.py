"""What a renderer needs to know of time, wherever it comes from. Beyond the paper."""

from dataclasses import dataclass, replace

import numpy as np

from vsg_tf.events import EventTrack

FLOOR_DB = -80.0  # a level curve's silence


@dataclass(frozen=True)
class LevelCurve:
    """Loudness against time.

    Args:
        rate: values per second; value `i` belongs to the time `i / rate` s.
        db: `[values]` float64, dB relative to the loudest moment (0), at least -80.
        brightness: `[values]` 0..1: the rank of each moment's spectral centroid among the audible
            moments (1 is the brightest); None where only the level is known.
    """

    rate: float
    db: np.ndarray
    brightness: np.ndarray | None = None

    def at(self, times: np.ndarray) -> np.ndarray:
        """Level in dB at `times` s, same shape; beyond both ends it is -80."""
        position = np.asarray(times, np.float64) * self.rate
        known = np.arange(len(self.db))
        return np.interp(position, known, self.db, left=FLOOR_DB, right=FLOOR_DB)


@dataclass(frozen=True)
class Timing:
    """When something sounds in a clip.

    Args:
        duration_s: of the clip, > 0.
        events: what begins when, how strongly, and how long it lasts.
        level: the loudness that is wanted, where the source knows it.
        estimated: whether the durations are guesses, as from a picture, where it cannot be seen how
            long a thing sounds after it was struck: a single sound then rings to its own end
            whatever they say, and only one that lasts is played for so long.
        features: `[feature_frames, feature_width]` visual features for models that have no event
            list; None for all others.
        notes: sentences for the user, for example that a guide is shorter than the clip.
    """

    duration_s: float
    events: EventTrack
    level: LevelCurve | None = None
    estimated: bool = False
    features: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    def moved(self, seconds: float) -> "Timing":
        """Everything later by `seconds` (earlier if negative).

        Events that then lie before 0 or beyond the end are left out.
        """
        times = self.events.times + seconds
        kept = self.events.select((times >= 0) & (times < self.duration_s))
        events = kept.replaced(times=kept.times + seconds)
        return replace(self, events=events, level=_moved(self.level, seconds))


def _moved(level: LevelCurve | None, seconds: float) -> LevelCurve | None:
    if level is None or seconds == 0:
        return level
    count = max(1, len(level.db) + int(np.ceil(seconds * level.rate)))
    times = np.arange(count) / level.rate - seconds
    brightness = None
    if level.brightness is not None:
        known = np.arange(len(level.brightness))
        brightness = np.interp(times * level.rate, known, level.brightness, left=0.0, right=0.0)
    return LevelCurve(level.rate, level.at(times), brightness)
