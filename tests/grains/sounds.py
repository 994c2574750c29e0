"""Recordings with known contents."""

import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.events import EventTrack
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import Timing

RATE = 44_100
STRIKES = (0.5, 1.4, 2.6, 3.5)  # s
PITCHES = (500.0, 700.0, 900.0, 1100.0)  # Hz, one for each strike
LEVELS = (0.2, 0.5, 0.3, 0.9)


def strikes(noise: float = 0.0, channels: int = 1, rate: int = RATE) -> Sound:
    """Four decaying tones of known pitch and level over white noise, 4.5 s."""
    at = np.arange(round(4.5 * rate)) / rate
    wave = np.zeros_like(at)
    for start, pitch, level in zip(STRIKES, PITCHES, LEVELS, strict=True):
        since = at - start
        tone = np.sin(2 * np.pi * pitch * since) * np.exp(-since / 0.06)
        wave += level * np.where(since >= 0, tone, 0)
    wave += noise * np.random.default_rng(0).normal(size=len(wave))
    sides = [wave * (1 - 0.5 * channel) for channel in range(channels)]
    return Sound(np.stack(sides, axis=1).astype(np.float32), rate)


def hits(levels=LEVELS, spacing: float = 0.8, rate: int = RATE) -> Sound:
    """Takes of one thing being hit: no two alike to the sample, harder ones brighter."""
    rng = np.random.default_rng(4)
    at = np.arange(round(spacing * rate)) / rate
    parts = []
    for level in levels:
        hertz = 500 * (1 + 0.05 * rng.uniform(-1, 1))
        tone = np.sin(2 * np.pi * hertz * at) * np.exp(-at / 0.06)
        noise = np.convolve(rng.normal(size=len(at)), np.ones(3) / 3, "same") * np.exp(-at / 0.02)
        hit = np.pad(level * (tone + (0.2 + level) * noise), (round(0.1 * rate), 0))[: len(at)]
        parts.append(0.5 * hit)
    return Sound(np.concatenate(parts).astype(np.float32)[:, None], rate)


def rain(seconds: float = 4.0, rate: int = RATE) -> Sound:
    """Steady noise whose pitch range rises, so that every moment can be told from the others."""
    count = round(seconds * rate)
    noise = np.random.default_rng(1).normal(size=count)
    at = np.arange(count) / count
    carrier = np.sin(2 * np.pi * np.cumsum(300 + 6000 * at) / rate)
    return Sound((0.2 * (0.3 * noise + carrier)).astype(np.float32)[:, None], rate)


def bursts(seconds: float = 5.0, below_db: float = 32.0, rate: int = RATE) -> Sound:
    """Three bursts of 0.15 s in steady noise that lies so far below their peak."""
    rng = np.random.default_rng(2)
    wave = 10 ** (-below_db / 20) * rng.normal(size=round(seconds * rate))
    for start in (1.0, 2.3, 3.9):
        first = round(start * rate)
        wave[first : first + round(0.15 * rate)] += rng.normal(size=round(0.15 * rate))
    return Sound((0.15 * wave).astype(np.float32)[:, None], rate)


def cry(seconds: float = 0.5, hertz: float = 440.0, rate: int = RATE) -> Sound:
    """A voice-like tone with soft ends in silence."""
    at = np.arange(round(seconds * rate)) / rate
    edges = np.clip(np.minimum(at, at[::-1]) / 0.04, 0, 1) ** 2
    harmonics = sum(np.sin(2 * np.pi * hertz * k * at + k) / k for k in range(1, 12))
    quiet = np.zeros(round(0.4 * rate))
    wave = np.concatenate([quiet, 0.3 * edges * harmonics, quiet])
    return Sound(wave.astype(np.float32)[:, None], rate)


def engine(seconds: float = 3.0, hertz: float = 90.0, rate: int = RATE) -> Sound:
    """A steady pitched sound with a rough surface."""
    rng = np.random.default_rng(3)
    at = np.arange(round(seconds * rate)) / rate
    wave = sum(np.sin(2 * np.pi * hertz * k * at + k * k) / k for k in range(1, 25))
    wave = 0.1 * wave + 0.01 * rng.normal(size=len(at))
    return Sound(wave.astype(np.float32)[:, None], rate)


def play(material, times, strengths=None, durations=None, seconds=4.0, options=None, **timing):
    """The whole of a performance `[samples, channels]`, and the performance."""
    times = np.asarray(times, float)
    strengths = np.ones(len(times)) if strengths is None else np.asarray(strengths, float)
    durations = np.full(len(times), np.nan) if durations is None else np.asarray(durations, float)
    track = EventTrack(times, strengths, durations)
    made = perform(material, Timing(seconds, track, **timing), options or GrainOptions())
    return np.concatenate(list(made.blocks())), made
