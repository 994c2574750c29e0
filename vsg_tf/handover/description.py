"""What was made for a clip, as the command line and the studio describe it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from vsg_tf.events import EventTrack
from vsg_tf.handover.wav_chunks import Marker
from vsg_tf.timecode import TimecodeRate, rounded


def shown(text: str) -> str:
    """A name on one line without what no text file holds: control characters, and what stands for
    the bytes of a file name that is no Unicode."""
    kept = (char if char.isprintable() else "?" for char in " ".join(text.split()))
    return "".join(kept) or "sound"


def fade_factors(
    length: int, fade_in: int, fade_out: int, start: int = 0, stop: int | None = None
) -> np.ndarray:
    """What the samples `start` to `stop` of a part are multiplied by, float64 0..1.

    Straight lines: sample `k` by `k / fade_in`, and the one `k` before its end by `k / fade_out`,
    where these are below 1. A fade out and the fade in of the next part add up to 1.
    """
    sample = np.arange(start, length if stop is None else stop, dtype=np.float64)
    factors = np.ones(len(sample))
    if fade_in:
        factors = np.minimum(factors, sample / fade_in)
    if fade_out:
        factors = np.minimum(factors, (length - sample) / fade_out)
    return factors


@dataclass(frozen=True)
class Item:
    """The sound of one event, as it lies in a session: a part of a waveform, faded and amplified.

    Args:
        start: sample of the clip at which it is heard first, >= 0.
        waveform: `[before + heard + after, channels]` float32; the handles before and after are
            not heard until somebody drags an edge.
        event: number of the event in the layer's track, from 0; None: it belongs to none.
        before, after: samples of the handles.
        fade_in, fade_out: samples, together at most the heard part; see `fade_factors`.
        gain_db: on top of the waveform.
    """

    start: int
    waveform: np.ndarray
    event: int | None = None
    before: int = 0
    after: int = 0
    fade_in: int = 0
    fade_out: int = 0
    gain_db: float = 0.0

    def __post_init__(self):
        if self.start < 0 or min(self.before, self.after, self.fade_in, self.fade_out) < 0:
            raise ValueError("an item begins within its clip, and nothing of it is negative")
        if self.length <= 0 or self.fade_in + self.fade_out > self.length:
            raise ValueError("an item is heard, and longer than its fades")

    @property
    def length(self) -> int:
        """Samples that are heard."""
        return len(self.waveform) - self.before - self.after

    def heard(self) -> np.ndarray:
        """What it adds to the sum, `[length, channels]` float64."""
        heard = self.waveform[self.before : self.before + self.length].astype(np.float64)
        heard *= 10 ** (self.gain_db / 20)
        heard *= fade_factors(self.length, self.fade_in, self.fade_out)[:, None]
        return heard


@dataclass(frozen=True)
class Layer:
    """One kind of sound, such as steps.

    Args:
        name: shown, and part of file names.
        events: as performed.
        channels: 1 or 2.
        stem: gives consecutive blocks `[some samples, channels]` from the first picture on, each
            time it is called; what lacks of the clip's length is silence, what is longer is cut.
        items: gives the events' sounds in order of their start, each time it is called; what they
            leave of the stem (room tone) is handed over as a rest. None: the renderer made one
            sound, which is cut at the events.
    """

    name: str
    events: EventTrack
    channels: int
    stem: Callable[[], Iterable[np.ndarray]]
    items: Callable[[], Iterable[Item]] | None = None

    def __post_init__(self):
        object.__setattr__(self, "name", shown(self.name))


@dataclass(frozen=True)
class Session:
    """Everything that was made for one clip.

    Args:
        name: of the clip, shown, and part of file names.
        clip: the video; None where there is none.
        duration_s: of the clip.
        rate: of its timecode.
        start_frame: number of its first picture, counted from 00:00:00:00.
        sample_rate: of all that is handed over, Hz.
        layers: at least one.
        guide: a sound, or a video with one, that decides sync; None without.
        guide_track: of the guide, counted from 1.
        guide_offset_s: by which the guide is heard later than its file says.
        created: when; None leaves it out of the files, so that they are the same each time.
        notes: sentences for who opens the folder.
    """

    name: str
    clip: Path | None
    duration_s: Fraction
    rate: TimecodeRate
    start_frame: int
    sample_rate: int
    layers: tuple[Layer, ...]
    guide: Path | None = None
    guide_track: int = 1
    guide_offset_s: float = 0.0
    created: datetime | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "name", shown(self.name))

    @property
    def samples(self) -> int:
        """The clip's length."""
        return rounded(Fraction(self.duration_s) * self.sample_rate)

    @property
    def frames(self) -> int:
        """Pictures of the clip; one that is begun counts."""
        return -(-(Fraction(self.duration_s) * self.rate.exact) // 1)

    @property
    def start_sample(self) -> int:
        """Samples from midnight to the first picture."""
        return self.rate.samples(self.start_frame, self.sample_rate)

    def heard(self, layer: Layer) -> EventTrack:
        """A layer's events but for those that begin after the clip's end, however rounded."""
        begins = np.rint(layer.events.times * self.sample_rate)
        return layer.events.select(begins < self.samples)

    def markers(self, layer: Layer) -> tuple[Marker, ...]:
        """A layer's events in samples."""
        markers = []
        events = self.heard(layer)
        pairs = zip(events.times, events.durations, strict=True)
        for number, (time, duration) in enumerate(pairs, start=1):
            sample = round(time * self.sample_rate)
            length = 0 if np.isnan(duration) else round(duration * self.sample_rate)
            length = min(length, self.samples - sample)
            markers.append(Marker(sample, length, f"{layer.name} {number}"))
        return tuple(markers)
