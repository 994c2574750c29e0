"""Sounds rendered without any recording: struck resonators, bursts of noise, chirps, room noise."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.filters import one_pole

_MEMBRANE = np.array([1.0, 1.59, 2.14, 2.30, 2.65, 2.92, 3.16, 3.50])  # ideal drum head
_BAR = np.array([1.0, 2.76, 5.40, 8.93, 13.34, 18.64])  # free bar


@dataclass(frozen=True)
class Material:
    """Ranges from which a struck object is drawn: Hz, seconds to -60 dB, 0..1."""

    ratios: np.ndarray
    frequency: tuple[float, float]
    decay: tuple[float, float]
    detune: float  # how far modes stray from the ratios; 1 makes them inharmonic at random
    noise: tuple[float, float]  # level of the contact noise against the modes


MATERIALS = {
    "wood": Material(_BAR, (180.0, 900.0), (0.05, 0.25), 0.15, (0.2, 0.6)),
    "metal": Material(_BAR, (250.0, 1600.0), (0.3, 1.6), 0.4, (0.05, 0.2)),
    "glass": Material(_BAR, (1200.0, 3500.0), (0.15, 0.7), 0.3, (0.1, 0.4)),
    "drum": Material(_MEMBRANE, (60.0, 260.0), (0.15, 0.6), 0.03, (0.1, 0.4)),
}
KINDS = (*MATERIALS, "burst", "chirp")


def _band_noise(
    rng: np.random.Generator, count: int, low: float, high: float, rate: int
) -> np.ndarray:
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / rate)
    edge = np.clip((frequency - low) / (0.3 * low + 1), 0, 1)
    edge *= np.clip((high - frequency) / (0.3 * high), 0, 1)
    noise = np.fft.irfft(spectrum * edge, count)
    return noise / (np.abs(noise).max() + 1e-9)


class ProceduralTimbre:
    """One sounding object; each `strike` is a little different, as with a real one.

    Args:
        kind: one of `KINDS`.
        rng: draws the object.
    """

    def __init__(self, kind: str, rng: np.random.Generator):
        self.kind = kind
        self.length = 1.2
        if kind in MATERIALS:
            self._draw_object(MATERIALS[kind], rng)
        elif kind == "burst":
            self.low = float(np.exp(rng.uniform(np.log(60), np.log(1500))))
            self.high = self.low * rng.uniform(2, 8)
            self.decay = rng.uniform(0.03, 0.4)
        elif kind == "chirp":
            self.start = np.exp(rng.uniform(np.log(300), np.log(2500)))
            self.end = self.start * 2 ** rng.uniform(-1.2, 1.2)
            self.decay = rng.uniform(0.05, 0.35)
            self.harmonics = rng.uniform(0, 1, 5) * 0.6 ** np.arange(5)
        else:
            raise ValueError(f"unknown kind {kind!r}; one of {', '.join(KINDS)}")

    def _draw_object(self, material: Material, rng: np.random.Generator) -> None:
        base = np.exp(rng.uniform(*np.log(material.frequency)))
        stray = rng.normal(0, material.detune, len(material.ratios)) * 0.3
        self.frequencies = base * material.ratios * np.exp(stray)
        self.gains = rng.uniform(0.3, 1, len(self.frequencies))
        self.gains *= 0.8 ** np.arange(len(self.frequencies))
        # Higher modes die sooner in every material.
        self.decays = rng.uniform(*material.decay) / np.sqrt(self.frequencies / base)
        self.noise = rng.uniform(*material.noise)
        self.noise_top = rng.uniform(2000, 8000)

    def strike(self, rng: np.random.Generator, sample_rate: int) -> np.ndarray:
        """One sound, `[samples]` float32, peak 0.9, beginning at its onset; 1.2 s or shorter."""
        count = round(self.length * sample_rate)
        time = np.arange(count) / sample_rate
        if self.kind in MATERIALS:
            sound = self._ring(time, rng, sample_rate)
        elif self.kind == "burst":
            high = min(self.high, 0.45 * sample_rate)
            sound = _band_noise(rng, count, self.low, high, sample_rate)
            sound *= np.exp(-time / (self.decay * rng.uniform(0.8, 1.2)))
        else:
            sound = self._sweep(time, rng)
        sound *= np.minimum(1, time / 0.001)
        loud = np.nonzero(np.abs(sound) > 1e-3 * np.abs(sound).max())[0][-1]
        sound = sound[: loud + 1]
        fade = min(len(sound) // 3, round(0.02 * sample_rate))
        sound[len(sound) - fade :] *= np.linspace(1, 0, fade)
        return (0.9 * sound / np.abs(sound).max()).astype(np.float32)

    def _ring(self, time: np.ndarray, rng: np.random.Generator, rate: int) -> np.ndarray:
        audible = self.frequencies < 0.45 * rate
        # Where the object is struck changes how strongly each mode sounds, not its pitch.
        gains = self.gains * rng.uniform(0.7, 1.3, len(self.gains))
        phase = 2 * np.pi * self.frequencies[audible, None] * time
        if self.kind == "drum":
            phase *= 1 + 0.15 * np.exp(-time / 0.03)
        fall = np.exp(-6.9 * time / self.decays[audible, None])
        sound = (gains[audible, None] * fall * np.sin(phase)).sum(0)
        click = _band_noise(rng, len(time), 300, min(self.noise_top, 0.45 * rate), rate)
        return sound / (np.abs(sound).max() + 1e-9) + self.noise * click * np.exp(-time / 0.008)

    def _sweep(self, time: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        progress = 1 - np.exp(-time / self.decay)
        frequency = self.start * (self.end / self.start) ** progress * rng.uniform(0.97, 1.03)
        phase = 2 * np.pi * np.cumsum(frequency) * (time[1] - time[0])
        tones = [g * np.sin((k + 1) * phase) for k, g in enumerate(self.harmonics)]
        envelope = np.minimum(1, time / 0.01) * np.exp(-((time / self.decay) ** 2) / 4)
        return (np.sin(phase) + sum(tones)) * envelope


def render_strike(kind: str, rng: np.random.Generator, sample_rate: int = 22050) -> np.ndarray:
    """One strike of a newly drawn object.

    Args:
        kind: one of `KINDS`: wood, metal, glass, drum, burst, chirp.
        rng: the same state gives the same sound.
        sample_rate: Hz.

    Returns:
        `[samples]` float32, peak 0.9, onset at sample 0.
    """
    return ProceduralTimbre(kind, rng).strike(rng, sample_rate)


def room_noise(rng: np.random.Generator, count: int) -> np.ndarray:
    """Steady noise of a random colour that swells a little, `[count]` float32, mean power 1."""
    pole = rng.uniform(0.0, 0.98)
    noise = one_pole(rng.standard_normal(count), pole)
    knots = rng.normal(0, 1.5, 12)
    swell = 10 ** (np.interp(np.linspace(0, 11, count), np.arange(12), knots) / 20)
    noise = noise * swell
    return (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)
