"""One synthetic clip: pictures, sound, another sound of the same source, and the truth."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vsg_tf.data.synthetic import arrangement, timing
from vsg_tf.data.synthetic.bank import Bank, as_float
from vsg_tf.data.synthetic.film import Film, shoot
from vsg_tf.data.synthetic.procedural import KINDS, ProceduralTimbre, room_noise
from vsg_tf.data.synthetic.scenes import FAMILIES
from vsg_tf.data.synthetic.soundtrack import draw_soundtrack
from vsg_tf.data.synthetic.sources import PRE_ROLL
from vsg_tf.events import EventTrack
from vsg_tf.timebase import TimeBase

# Sounds lag what is seen, as in real clips (recording chain, distance): seconds.
_LAG_MEAN, _LAG_DEVIATION, _LAG_MOST = 0.045, 0.03, 0.12
_BACKGROUND_SHARE = 0.6  # of the clips, and independently of the alternate references
_SNR_DB = (0.0, 30.0)
_PEAK = (0.25, 1.0)
_SLOW_FAMILIES = {
    "mouth": 0.3,
    "step": 0.25,
    "swing": 0.4,
    "rub": 0.2,
}  # least gap between events, s
_STRIKES = 6  # of one procedural object


@dataclass(frozen=True)
class SyntheticClip:
    """A clip whose every event is known.

    Args:
        seed: that made it.
        source: timbre, a recording family or `procedural/<kind>`.
        family: scene family.
        film: pictures.
        waveform: `[samples]` float32, events and, in some clips, a background.
        clean: the same without its background.
        alternate: the same source at other times; its background is there or not on its own.
        alternate_background: that background alone, as it is in `alternate`; None: there is none.
        events: times are those of the sound.
        truth: JSON-able record of all that was drawn.
    """

    seed: int
    source: str
    family: str
    film: Film
    waveform: np.ndarray
    clean: np.ndarray
    alternate: np.ndarray
    alternate_background: np.ndarray | None
    events: EventTrack
    truth: dict[str, Any] = field(default_factory=dict)


def procedural_cuts(rng: np.random.Generator, sample_rate: int) -> tuple[str, list[np.ndarray]]:
    """Source name and a few strikes of one rendered object, with the pre-roll of a cut event."""
    kind = str(rng.choice(KINDS))
    timbre = ProceduralTimbre(kind, rng)
    lead = round(PRE_ROLL * sample_rate)
    strikes = [np.pad(timbre.strike(rng, sample_rate), (lead, 0)) for _ in range(_STRIKES)]
    return f"procedural/{kind}", strikes


def _draw_background(
    bank: Bank, names: list[str], count: int, rng: np.random.Generator
) -> tuple[str, np.ndarray]:
    """Name and `2 * count` samples: one part for the clip, one for the alternate reference."""
    if names and rng.random() < 0.8:
        name = names[rng.integers(len(names))]
        recordings = bank.backgrounds[name]
        recording = recordings[rng.integers(len(recordings))]
        return name, as_float(arrangement.take_excerpt(recording, 2 * count, rng))
    return "procedural/noise", room_noise(rng, 2 * count)


def make_clip(
    seed: int,
    bank: Bank,
    sources: list[str],
    backgrounds: list[str],
    *,
    duration: float,
    timebase: TimeBase,
    size: tuple[int, int],
    family: str | None = None,
) -> SyntheticClip:
    """Make a clip; the same arguments give the same clip.

    Args:
        seed: draws everything; also chooses the scene family in turns where none is given.
        bank: cut recordings.
        sources: families of `bank.events` to draw from; empty: procedural timbres.
        backgrounds: families of `bank.backgrounds` to draw from; noise is rendered besides.
        duration: s.
        timebase: its sample rate is that of the bank.
        size: width and height of the pictures, in pixels.
        family: scene family.
    """
    rng = np.random.default_rng(seed)
    family = family or list(FAMILIES)[seed % len(FAMILIES)]
    count = round(duration * timebase.sample_rate)
    if sources:
        source = sources[rng.integers(len(sources))]
        cuts = [as_float(cut) for cut in bank.events[source]]
    else:
        source, cuts = procedural_cuts(rng, timebase.sample_rate)
    track = draw_soundtrack(
        cuts,
        bank.recordings.get(source, []),
        duration,
        timebase,
        _SLOW_FAMILIES.get(family, timing.MIN_GAP),
        rng,
    )
    events = track.own.events
    clean = track.own.waveform * np.float32(rng.uniform(*_PEAK))
    alternate = track.alternate.waveform * np.float32(rng.uniform(*_PEAK))
    waveform = clean
    name, noise = _draw_background(bank, backgrounds, count, rng)
    snr, has, other_has = rng.uniform(*_SNR_DB), *(rng.random(2) < _BACKGROUND_SHARE)
    if has:
        waveform, clean = arrangement.add_background(clean, noise[:count], snr)
    alternate_background = None
    if other_has:
        alternate, quiet = arrangement.add_background(alternate, noise[count:], snr)
        alternate_background = alternate - quiet
    lag = float(np.clip(rng.normal(_LAG_MEAN, _LAG_DEVIATION), 0, _LAG_MOST))
    seen = EventTrack(events.times - lag, events.strengths, events.durations)
    truth = {
        "seed": seed,
        "source": source,
        "family": family,
        "sound": track.kind,
        "loop_s": None if track.loop_seconds is None else round(track.loop_seconds, 4),
        "semitones": round(track.treatment.semitones, 3),
        "lag_s": round(lag, 4),
        "audio_onsets_s": np.round(events.times, 4).tolist(),
        "visual_onsets_s": np.round(seen.times, 4).tolist(),
        "strengths": np.round(events.strengths, 3).tolist(),
        "alternate_onsets_s": np.round(track.alternate.events.times, 4).tolist(),
        "background": name if has else None,
        "alternate_background": name if other_has else None,
        "snr_db": round(float(snr), 2) if has or other_has else None,
    }
    film = shoot(family, seen, duration, rng, size, track.loop_seconds)
    sounds = waveform, clean, alternate, alternate_background
    return SyntheticClip(seed, source, family, film, *sounds, events, truth)
