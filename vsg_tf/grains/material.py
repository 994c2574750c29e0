"""Recordings made ready for being played."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.audio.true_peak import true_peak_db
from vsg_tf.grains.cleaning import clean_waveform
from vsg_tf.grains.kinds import ReferenceKind
from vsg_tf.grains.moments import Moments, describe_moments
from vsg_tf.grains.noise import find_noise
from vsg_tf.grains.segments import find_segments, lasts_throughout
from vsg_tf.grains.takes import Take, describe_parts, describe_takes, strongest
from vsg_tf.grains.trimming import without_drift
from vsg_tf.grains.variation import shifted

VERSION = 5  # of what `prepare` finds: what another found is made anew
CEILING_DB = -1.0  # true peak of the loudest take


@dataclass(frozen=True)
class Material:
    """What is known of recordings that are played from.

    Args:
        sample_rate: of all waveforms.
        clean: the recordings without their background, one after another, `[samples, channels]`
            float32.
        bounds: sample at which each recording begins, and the length, `[recordings + 1]`.
        takes: their sounds, in order of time, then later parts of these, for short events.
        moments: what each moment of them is like.
        bed: quiet moments of the recordings, `[pieces, window, channels]`; none where they have no
            background.
        gain_db: brings the loudest take to a true peak of -1 dB.
    """

    sample_rate: int
    clean: np.ndarray
    bounds: np.ndarray
    takes: tuple[Take, ...]
    moments: Moments
    bed: np.ndarray
    gain_db: float

    @property
    def channels(self) -> int:
        """Channels of all waveforms."""
        return self.clean.shape[1]

    @cached_property
    def mono(self) -> np.ndarray:
        """The mean of all channels, `[samples]`."""
        return self.clean.mean(axis=1)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays of numbers, for `from_arrays`."""
        return {
            "sample_rate": np.array(self.sample_rate),
            "clean": self.clean,
            "bounds": self.bounds,
            "bed": self.bed,
            "gain_db": np.array(self.gain_db),
            **{f"take_{name}": values for name, values in Take.to_columns(self.takes).items()},
            **{f"moment_{f.name}": getattr(self.moments, f.name) for f in fields(Moments)},
        }

    def pitched(self, semitones: float) -> "Material":
        """The same recordings played higher, and so much faster."""
        ratio = 2 ** (semitones / 12)
        clean = shifted(self.clean, semitones)
        takes = tuple(take.faster(ratio, len(clean)) for take in self.takes)
        bounds = np.minimum(np.round(self.bounds / ratio).astype(int), len(clean))
        moments = describe_moments(clean, self.sample_rate, bounds, takes)
        return replace(self, clean=clean, bounds=bounds, takes=takes, moments=moments)

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> "Material":
        """What `to_arrays` gave.

        Raises:
            KeyError: something is missing.
        """
        takes = {
            name.removeprefix("take_"): values
            for name, values in arrays.items()
            if name.startswith("take_")
        }
        moments = Moments(*(arrays[f"moment_{field.name}"] for field in fields(Moments)))
        return cls(
            int(arrays["sample_rate"]),
            arrays["clean"],
            arrays["bounds"],
            Take.from_columns(takes),
            moments,
            arrays["bed"],
            float(arrays["gain_db"]),
        )


def prepare(sounds: Sequence[Sound], kind: ReferenceKind = ReferenceKind.AUTO) -> Material:
    """Analyse recordings.

    Args:
        sounds: at least one, of one sample rate and one number of channels.
        kind: what they are said to be; `AUTO` finds out for each sound in them.

    Raises:
        ValueError: they differ in rate or channels, or there is none.
    """
    shapes = {(sound.sample_rate, sound.waveform.shape[1]) for sound in sounds}
    if len(shapes) != 1:
        raise ValueError("Recordings that are pooled must have one rate and one channel count.")
    rate = sounds[0].sample_rate
    kind = ReferenceKind(kind)
    cleaned, beds, takes, parts, first = [], [], [], [], 0
    for index, sound in enumerate(sounds):
        waveform = without_drift(sound.waveform, rate)
        lasting = lasts_throughout(Sound(waveform, rate), kind)
        noise = None if lasting else find_noise(waveform, rate)
        if noise is not None:
            beds.append(noise.pieces(waveform, rate))
            waveform = clean_waveform(waveform, rate, noise)
        found = find_segments(Sound(waveform, rate), kind, lasting)
        described = describe_takes(waveform, rate, found, index, first)
        for place, part in describe_parts(waveform, rate, found, described):
            parts.append(replace(part, part_of=len(takes) + place))
        takes += described
        cleaned.append(waveform)
        first += len(waveform)
    clean = np.concatenate(cleaned)
    bounds = np.cumsum([0, *map(len, cleaned)])
    takes = Take.compared([*takes, *parts])
    strong = strongest(takes)
    peak = true_peak_db(clean[strong.begin : strong.stop])
    return Material(
        rate,
        clean,
        bounds,
        takes,
        describe_moments(clean, rate, bounds, takes),
        np.concatenate(beds) if beds else np.zeros((0, 0, clean.shape[1]), np.float32),
        CEILING_DB - peak,
    )
