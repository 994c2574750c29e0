"""What a camera and an encoder do to a scene: small grey frames, noise, compression, odd rates."""

from dataclasses import dataclass

import cv2
import numpy as np

from vsg_tf.data.synthetic.scenes import render_scene
from vsg_tf.events import EventTrack

_DRAWN_WIDTH, _DRAWN_HEIGHT = 192, 128
_RATES = (12.0, 15.0, 20.0, 21.5, 24.0, 25.0, 25.0, 29.97, 29.97, 30.0)
_CONVERTED_RATES = (21.5, 21.5, 25.0, 30.0)


@dataclass(frozen=True)
class Film:
    """Frames as a decoder would give them.

    Args:
        times: `[frames]` s, ascending.
        frames: grey uint8 `[frames, height, width]`.
    """

    times: np.ndarray
    frames: np.ndarray


def _compress(picture: np.ndarray, quality: int) -> np.ndarray:
    _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)


def shoot(
    family: str,
    events: EventTrack,
    duration: float,
    rng: np.random.Generator,
    size: tuple[int, int],
    loop_seconds: float | None = None,
) -> Film:
    """Render a scene as a cheap camera at a random rate would have recorded it.

    Args:
        family: scene family.
        events: visible times.
        duration: s.
        rng: draws everything else.
        size: width and height of the pictures, in pixels.
        loop_seconds: the pictures repeat after this time, seam and all, as events have to.
    """
    whole = duration
    if loop_seconds is not None:
        duration, events = loop_seconds, events.crop(0, loop_seconds)
    rate = float(rng.choice(_RATES))
    quality = int(rng.uniform(20, 90)) if rng.random() < 0.6 else None
    noise = rng.uniform(0, 3) if rng.random() < 0.5 else 0.0
    mirrored = rng.random() < 0.5
    bars = int(rng.uniform(1, 11)) if rng.random() < 0.1 else 0
    width, height = size
    scene = render_scene(family, events, duration, rng, _DRAWN_WIDTH, _DRAWN_HEIGHT, rate)
    times, frames = [], []
    for time, drawn in scene:
        frame = cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)
        if bars:
            frame[:bars] = frame[-bars:] = 0
        if noise:
            grain = rng.standard_normal((height, width), dtype=np.float32)
            frame = np.clip(frame + np.float32(noise) * grain, 0, 255).astype(np.uint8)
        if quality is not None:
            frame = _compress(frame, quality)
        times.append(time)
        frames.append(frame[:, ::-1] if mirrored else frame)
    film = Film(np.array(times), np.array(frames))
    return _convert_rate(_repeat(film, duration, whole), whole, rng)


def _repeat(film: Film, period: float, duration: float) -> Film:
    """A film over and over until it has lasted `duration` s."""
    laps = int(np.ceil(duration / period))
    times = np.concatenate([film.times + lap * period for lap in range(laps)])
    kept = times < duration
    return Film(times[kept], np.tile(film.frames, (laps, 1, 1))[kept])


def _convert_rate(film: Film, duration: float, rng: np.random.Generator) -> Film:
    """In a third of the clips another frame rate by dropping and doubling; sometimes hiccups."""
    times, index = film.times, np.arange(len(film.times))
    if rng.random() < 0.35:
        times = np.arange(int(duration * (rate := float(rng.choice(_CONVERTED_RATES))))) / rate
        index = np.clip(np.searchsorted(film.times, times, side="right") - 1, 0, len(index) - 1)
    if rng.random() < 0.15:
        stuck = rng.random(len(index)) < 0.05
        stuck[0] = False
        index = np.maximum.accumulate(np.where(stuck, 0, index))
    return Film(times, film.frames[index])
