"""The sounds of a recording as takes: how loud, how bright, how long, how alike."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from vsg_tf.grains.bands import brightness_of, spectral_distance, spectrum_of
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.levels import HOP, level_curve
from vsg_tf.grains.segments import Segment

_KINDS = tuple(Kind)
_LOUDNESS_WINDOW = 0.02  # s
PART_LEAD = 0.012  # s before the attack of a part
_HEAD = 0.4  # s after the attack that tell takes apart
_RINGS_SECONDS = 0.35  # within 20 dB of its peak; a struck thing that sounds so long rings
UNLIKE_DB = 9.0  # mean distance of the bands from which two takes are of different things
_NEAR_DB, _MAJORITY = 5.0, 0.5
BRIGHT_OCTAVE_DB = 3.0  # so much louder counts what is an octave brighter


@dataclass(frozen=True)
class Take:
    """One sound that can be played.

    Args:
        sound: index of the recording that it is from.
        begin, attack, stop: samples of `Material.clean`.
        kind: how it goes on.
        cut: whether it is still heard at `stop`.
        rings: whether it dies away so slowly that it is heard on under the sounds that follow.
        unlike: whether it differs from most of the others: it is played last.
        peak: its largest sample, absolute.
        level: dB of its loudest 20 ms.
        brightness: Hz, centre of its spectrum on an octave scale.
        hold_first, hold_stop: samples between which it can be held: its loud part.
        spectrum: `[bands]` dB relative to their mean.
        part_of: index of the take of which it is a later part, for events that are too short for
            all of it; -1: it is whole.
    """

    sound: int
    begin: int
    attack: int
    stop: int
    kind: Kind
    cut: bool
    rings: bool
    unlike: bool
    peak: float
    level: float
    brightness: float
    hold_first: int
    hold_stop: int
    spectrum: np.ndarray
    part_of: int = -1

    @property
    def force(self) -> float:
        """dB: hard hits are loud, and bright."""
        return self.level + BRIGHT_OCTAVE_DB * float(np.log2(self.brightness))

    def faster(self, ratio: float, samples: int) -> "Take":
        """The same take in a material of `samples` that is played faster."""
        names = ("begin", "attack", "stop", "hold_first", "hold_stop")
        at = {n: min(round(getattr(self, n) / ratio), samples) for n in names}
        return replace(self, **at)

    @staticmethod
    def to_columns(takes: Sequence["Take"]) -> dict[str, np.ndarray]:
        """Arrays of numbers, one a field, `[takes, ...]`."""
        rows = [replace(take, kind=_KINDS.index(take.kind)) for take in takes]
        return {f.name: np.array([getattr(row, f.name) for row in rows]) for f in fields(Take)}

    @classmethod
    def from_columns(cls, columns: dict[str, np.ndarray]) -> tuple["Take", ...]:
        """What `to_columns` gave."""
        takes = []
        for index in range(len(columns["begin"])):
            row = {f.name: columns[f.name][index] for f in fields(cls)}
            values = {name: v if np.ndim(v) else v.item() for name, v in row.items()}
            takes.append(cls(**{**values, "kind": _KINDS[values["kind"]]}))
        return tuple(takes)

    @staticmethod
    def compared(takes: Sequence["Take"]) -> tuple["Take", ...]:
        """The same takes with `unlike` found out by comparing each with the rest."""
        distances = distances_of(takes)
        lengths = np.array([take.stop - take.begin for take in takes])
        weights = 10 ** (np.array([take.level for take in takes]) / 20) * lengths**0.25
        weights *= np.array([take.part_of < 0 for take in takes])
        near = np.exp(-0.5 * (distances / _NEAR_DB) ** 2)
        density = np.sign(weights) * (near @ weights)
        main = distances[int(density.argmax())]
        # Where all differ, as the notes of a scale do, there is no rest that one is unlike.
        many = weights[main <= UNLIKE_DB].sum() > _MAJORITY * weights.sum()
        return tuple(
            replace(take, unlike=bool(many and main[index] > UNLIKE_DB))
            for index, take in enumerate(takes)
        )


def strongest(takes: Sequence[Take]) -> Take:
    """The take of the hardest hit; what an event of full strength is played with."""
    known = [take for take in takes if not take.unlike and take.part_of < 0]
    return max(known, key=lambda take: take.force)


def distances_of(takes: Sequence[Take]) -> np.ndarray:
    """How unlike takes are, `[takes, takes]` dB: mean difference of bands that matter in either."""
    spectra = np.array([take.spectrum for take in takes])
    return spectral_distance(spectra[:, None], spectra[None])


def describe_takes(
    waveform: np.ndarray, sample_rate: int, segments: Sequence[Segment], sound: int, first: int
) -> list[Take]:
    """Takes of one recording.

    Args:
        waveform: `[samples, channels]` without its background.
        sample_rate: samples per second.
        segments: of it.
        sound: its index.
        first: sample of the material at which it begins.
    """
    return [_describe(waveform, sample_rate, one, sound, first) for one in segments]


def describe_parts(
    waveform: np.ndarray, sample_rate: int, segments: Sequence[Segment], takes: Sequence[Take]
) -> list[tuple[int, Take]]:
    """The later parts of takes, each with the place of its take among `takes`.

    Args:
        waveform: `[samples, channels]` without its background.
        sample_rate: samples per second.
        segments: of it.
        takes: of these segments.
    """
    parts = []
    for index, (segment, take) in enumerate(zip(segments, takes, strict=True)):
        offset = take.attack - round(segment.attack * sample_rate)
        for time in segment.parts:
            part = replace(segment, begin=time - PART_LEAD, attack=time, kind=Kind.SINGLE)
            found = _describe(waveform, sample_rate, part, take.sound, offset)
            parts.append((index, replace(found, rings=False)))
    return parts


def _describe(waveform: np.ndarray, rate: int, segment: Segment, sound: int, offset: int) -> Take:
    begin, attack, stop = (round(t * rate) for t in (segment.begin, segment.attack, segment.stop))
    stop = min(max(stop, attack + 1), len(waveform))
    attack = min(attack, stop - 1)
    part = waveform[attack:stop]
    head = part if segment.kind is Kind.LASTING else part[: round(_HEAD * rate)]
    level = level_curve(part, rate, _LOUDNESS_WINDOW)
    spectrum = spectrum_of(head, rate)
    near = np.flatnonzero(level > level.max() - 10)
    held = attack + np.round(np.array([near[0], near[-1] + 1]) * HOP * rate).astype(int)
    if segment.kind is Kind.LASTING:
        held = np.array([attack, stop])
    sounding = np.sum(level > level.max() - 20) * HOP
    return Take(
        sound=sound,
        begin=offset + begin,
        attack=offset + attack,
        stop=offset + stop,
        kind=segment.kind,
        cut=segment.cut,
        rings=bool(segment.kind is Kind.SINGLE and sounding >= _RINGS_SECONDS),
        unlike=False,
        peak=float(np.abs(waveform[begin:stop]).max()),
        level=float(level.max()),
        brightness=brightness_of(spectrum, rate),
        hold_first=offset + int(held[0]),
        hold_stop=offset + int(min(held[1], stop)),
        spectrum=spectrum - spectrum.mean(),
    )
