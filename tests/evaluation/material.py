"""Clips, references and systems that make a known sound."""

from pathlib import Path

import numpy as np
import soundfile

from tests.media_writing import RATE, hits, write_video


def tone(frequency: float, seconds: float = 1.0) -> np.ndarray:
    """Two decaying tones, `[samples]`."""
    t = np.arange(round(0.3 * RATE)) / RATE
    hit = 0.5 * np.exp(-30 * t) * np.sin(2 * np.pi * frequency * t)
    sound = np.zeros(round(seconds * RATE))
    for time in (0.2, 0.55):
        start = round(time * RATE)
        sound[start : start + len(hit)] += hit
    return sound


def write_folders(folder: Path) -> Path:
    """videos/<category>/, references/, truth/ for three clips of two categories."""
    frequencies = {"wood/a": 400, "wood/b": 1500, "metal/c": 5000}
    for name, frequency in frequencies.items():
        for kind, suffix in (("videos", ".mp4"), ("references", ".wav"), ("truth", ".wav")):
            path = folder / kind / f"{name}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind == "videos":
                write_video(path)
            else:
                soundfile.write(path, tone(frequency) if kind == "references" else hits(), RATE)
    return folder


class Copier:
    """Plays the reference."""

    name, sample_rate = "copier", RATE

    def __call__(self, video, reference, *, seed=0):
        return soundfile.read(reference, dtype="float32")[0]


class Knower:
    """Plays the true sound, which it knows."""

    name, sample_rate = "knower", RATE

    def __call__(self, video, reference, *, seed=0):
        return hits().astype(np.float32)


class Mute:
    """Plays nothing."""

    name, sample_rate = "mute", RATE

    def __call__(self, video, reference, *, seed=0):
        return np.zeros(RATE, np.float32)
