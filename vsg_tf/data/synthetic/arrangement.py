"""Events of one source placed in time: sounds whose every onset and level is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.resampling import resample
from vsg_tf.data.synthetic.sources import PRE_ROLL
from vsg_tf.events import STRENGTH_RANGE_DB, EventTrack

_LOUDNESS_WINDOW = 0.05  # s; the loudest such window is an event's level
_DURATION_DB = 30.0  # an event lasts until it is this far below its level
_MOST_TAKES = 5


@dataclass(frozen=True)
class Treatment:
    """How a source is varied: the same for a clip and its alternate reference.

    Args:
        semitones: pitch and speed together.
        equalizer_db: gains at evenly spaced frequencies from 0 to half the sample rate.
    """

    semitones: float
    equalizer_db: tuple[float, ...]


def draw_treatment(rng: np.random.Generator) -> Treatment:
    """Unchanged pitch in 30 %, no equalizer in 40 % of the draws; else +-5 semitones, 4 dB."""
    semitones = rng.uniform(-5, 5) if rng.random() < 0.7 else 0.0
    gains = rng.normal(0, 4, 6) if rng.random() < 0.6 else np.zeros(6)
    return Treatment(float(semitones), tuple(float(gain) for gain in gains))


def _windows(waveform: np.ndarray, size: int) -> np.ndarray:
    """RMS of consecutive windows of `size` samples (the last one filled up with zeros)."""
    count = -(-len(waveform) // size)
    padded = np.pad(waveform, (0, count * size - len(waveform)))
    return np.sqrt(np.mean(padded.reshape(count, size) ** 2, axis=1))


def choose_takes(
    cuts: Sequence[np.ndarray], treatment: Treatment, rng: np.random.Generator
) -> list[np.ndarray]:
    """A few of a source's cuts, pitched, and scaled to equal loudness.

    Args:
        cuts: waveforms that begin `PRE_ROLL` before their onset, any scale.
        treatment: its semitones are applied here.
        rng: chooses.

    Returns:
        1 to 5 waveforms whose onset lies `PRE_ROLL / speed` after their beginning.
    """
    chosen = rng.permutation(len(cuts))[: rng.integers(1, _MOST_TAKES + 1)]
    return [_repitch(np.asarray(cuts[index], np.float32), treatment) for index in chosen]


def _repitch(waveform: np.ndarray, treatment: Treatment) -> np.ndarray:
    if not treatment.semitones:
        return waveform
    speed = 2 ** (treatment.semitones / 12)
    return resample(waveform, speed, 1.0, "MQ")


def treat(waveform: np.ndarray, treatment: Treatment) -> np.ndarray:
    """Pitch and speed, then the equalizer: `[samples]` float32, shorter where it got faster."""
    return _equalize(_repitch(waveform, treatment), treatment.equalizer_db)


def _shape(take: np.ndarray, room: int | None, rate: int) -> tuple[np.ndarray, float]:
    """A take cut to `room` samples (None: whole) at loudness 1, and how long it sounds in s."""
    if room is not None and len(take) > room:
        take = take[:room].copy()
        fade = min(len(take) // 3, round(0.025 * rate))
        take[len(take) - fade :] *= np.linspace(1, 0, fade)
    window = round(_LOUDNESS_WINDOW * rate / 5)
    fine = _windows(take, window)
    loudness = np.sqrt(np.convolve(fine**2, np.ones(5) / 5).max()) + 1e-9
    audible = np.nonzero(fine > fine.max() * 10 ** (-_DURATION_DB / 20))[0]
    return take / loudness, (int(audible[-1]) + 1) * window / rate


def arrange(
    takes: Sequence[np.ndarray],
    times: np.ndarray,
    strengths: np.ndarray,
    treatment: Treatment,
    duration: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, EventTrack]:
    """Place takes at known times and levels.

    Args:
        takes: from `choose_takes`.
        times: onsets, s, ascending.
        strengths: 0..1; 1 is the loudest, 0 is 30 dB below it.
        treatment: its equalizer is applied; its speed tells where the onsets in the takes are.
        duration: of the result, s.
        sample_rate: Hz.
        rng: chooses takes, and whether an event ends the one before it.

    Returns:
        Waveform `[samples]` float32 with a peak of 0.9, and its events.
    """
    count = round(duration * sample_rate)
    waveform = np.zeros(count, np.float32)
    lead = PRE_ROLL / 2 ** (treatment.semitones / 12)
    monophonic = rng.random() < 0.5
    lengths = []
    for i, (time, strength) in enumerate(zip(times, strengths, strict=True)):
        following = times[i + 1] if i + 1 < len(times) else np.inf
        room = round((following - time) * sample_rate) if np.isfinite(following) else None
        take = takes[rng.integers(len(takes))]
        take, length = _shape(take, room if monophonic else None, sample_rate)
        lengths.append(np.clip(length - lead, 0.02, min(following, duration) - time))
        start = round((time - lead) * sample_rate)
        take = take[max(0, -start) :]
        start = max(0, start)
        take = take[: count - start]
        gain = 10 ** ((strength - 1) * STRENGTH_RANGE_DB / 20)
        waveform[start : start + len(take)] += gain * take
    waveform = _equalize(waveform, treatment.equalizer_db)
    waveform *= 0.9 / (np.abs(waveform).max() + 1e-9)
    return waveform, EventTrack(times, strengths, np.array(lengths))


def _equalize(waveform: np.ndarray, gains_db: Sequence[float]) -> np.ndarray:
    if not any(gains_db):
        return waveform
    spectrum = np.fft.rfft(waveform)
    places = np.linspace(0, len(gains_db) - 1, len(spectrum))
    gain = np.interp(places, np.arange(len(gains_db)), gains_db)
    return np.fft.irfft(spectrum * 10 ** (gain / 20), len(waveform)).astype(np.float32)


def add_background(
    clean: np.ndarray, background: np.ndarray, snr_db: float
) -> tuple[np.ndarray, np.ndarray]:
    """Mix so that the mean powers of `clean` and the background differ by `snr_db`.

    Returns:
        The mixture `[samples]`, and `clean` at its level there; both are scaled down together
        where the mixture's peak would be above 1.
    """
    power = np.mean(clean**2) / (np.mean(background**2) + 1e-12)
    mixture = clean + background * np.float32(np.sqrt(power * 10 ** (-snr_db / 10)))
    scale = np.float32(1 / max(1.0, float(np.abs(mixture).max())))
    return mixture * scale, clean * scale


def take_excerpt(recording: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` samples from a random place of a recording, which is repeated where too short."""
    start = rng.integers(0, max(1, len(recording) - count + 1))
    excerpt = np.asarray(recording[start : start + count], np.float32)
    return np.resize(excerpt, count)
