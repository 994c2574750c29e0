"""Sessions to hand over: sounds that overlap, with handles, fades and gains, and room tone."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

from tests.media_writing import write_video
from vsg_tf.events import EventTrack
from vsg_tf.handover import writing
from vsg_tf.handover.description import Item, Layer, Session
from vsg_tf.timecode import TimecodeRate, exact_rate

RATE = 48_000
SECONDS = 3


def noise(samples: int, channels: int, seed: int, level: float = 0.1) -> np.ndarray:
    """`[samples, channels]` float32."""
    generator = np.random.default_rng(seed)
    return (level * generator.standard_normal((samples, channels))).astype(np.float32)


def event_track(times) -> EventTrack:
    times = np.asarray(times, float)
    count = len(times)
    return EventTrack(
        times,
        np.linspace(0.2, 1, count),
        np.full(count, 0.25),
        takes=np.arange(1, count + 1),
        gains=np.linspace(-9, 0, count),
    )


def steps(loud: float = 1.0, times=(0.25, 0.9, 1.0000123, 2.7)) -> Layer:
    """Stereo, one sound an event; sounds overlap and the last one reaches the clip's end."""
    events = event_track(times)
    items = []
    for event, (time, gain) in enumerate(zip(events.times, events.gains, strict=True)):
        start = round(time * RATE) - 300
        heard = min(14_000, SECONDS * RATE - start)
        before, after = 2000 + event, 3000
        waveform = noise(before + heard + after, 2, event, 0.1 * loud)
        items.append(Item(start, waveform, event, before, after, 200, 5000, gain))

    def stem():
        total = noise(SECONDS * RATE, 2, 99, 0.001).astype(np.float64)
        for item in items:
            total[item.start : item.start + item.length] += item.heard()
        yield from np.array_split(total.astype(np.float32), 5)

    return Layer("Steps / left", events, 2, stem, lambda: items)


def keys() -> Layer:
    """Mono, one sound for all events, which has to be cut; two events are too close to be told."""
    times = [0.01, 0.5, 0.50001, 0.6, 2.0]
    waveform = np.zeros((SECONDS * RATE - 500, 1), np.float32)
    for number, time in enumerate(times):
        start = round(time * RATE)
        ring = noise(min(20_000, len(waveform) - start), 1, number, 0.2)
        waveform[start : start + len(ring)] += (
            ring * np.exp(-np.arange(len(ring)) / 3000)[:, None]
        ).astype(np.float32)
    return Layer("keys", event_track(times), 1, lambda: np.array_split(waveform, 3))


def make_session(
    folder: Path, rate="29.97", start="01:00:00;00", layers=None, **options
) -> Session:
    """A session with video, a guide of its own and two layers."""
    folder.mkdir(exist_ok=True)
    clip, guide = folder / "my clip.mp4", folder / "guide.wav"
    write_video(clip)
    soundfile.write(guide, noise(RATE // 2, 2, 7), RATE // 2)
    timecode = TimecodeRate(exact_rate(rate), ";" in start)
    values = {
        "name": 'my "clip"',
        "clip": clip,
        "duration_s": Fraction(SECONDS),
        "rate": timecode,
        "start_frame": timecode.parse(start),
        "sample_rate": RATE,
        "layers": (steps(), keys()) if layers is None else layers,
        "guide": guide,
    }
    return Session(**{**values, **options})


def write_handover(folder: Path, *arguments, **options) -> Path:
    """`writing.write_handover`, but gives the folder."""
    writing.write_handover(folder, *arguments, **options)
    return folder


def fade(length: int, fade_in: int, fade_out: int) -> np.ndarray:
    """A workstation's linear fades, written down once more, `[length, 1]`."""
    gain = np.ones(length)
    for k in range(fade_in):
        gain[k] *= k / fade_in
    for k in range(fade_out):
        gain[length - 1 - k] *= (k + 1) / fade_out
    return gain[:, None]


def read(path: Path) -> np.ndarray:
    """`[samples, channels]` float64."""
    return soundfile.read(path, dtype="float64", always_2d=True)[0]


def worst_db(first: np.ndarray, second: np.ndarray) -> float:
    """The largest difference of two sounds in dB relative to full scale."""
    return 20 * np.log10(max(np.abs(first - second).max(), 1e-12))
