"""Sounds whose scores are known."""

import numpy as np

RATE = 22050


def clicks(times, duration=4.0, frequency=1500.0, decay=40.0, seed=0):
    """Decaying tones with a little noise at `times` s."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(round(duration * RATE), np.float32)
    t = np.arange(round(0.3 * RATE)) / RATE
    hit = np.exp(-decay * t) * (np.sin(2 * np.pi * frequency * t) + 0.3 * rng.normal(size=len(t)))
    for time in times:
        start = round(time * RATE)
        part = hit[: len(sound) - start]
        sound[start : start + len(part)] += 0.5 * part.astype(np.float32)
    return sound


def noise(seconds=2.0, seed=0, level=0.1):
    """White noise."""
    rng = np.random.default_rng(seed)
    return (level * rng.normal(size=round(seconds * RATE))).astype(np.float32)
