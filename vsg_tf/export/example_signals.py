"""Sounds, pictures and features that an export is tried with."""

import numpy as np

from vsg_tf.config import Config
from vsg_tf.frontends.front_end import Pictures

_FRAME_RATE = 25.0


def example_reference(config: Config, seconds: float = 1.5) -> np.ndarray:
    """Two decaying bursts over faint noise, `[samples]` float32 within -1..1."""
    rng = np.random.default_rng(0)
    rate = config.audio.sample_rate
    time = np.arange(round(seconds * rate)) / rate
    level = sum(np.where(time >= at, np.exp(-(time - at) / 0.06), 0) for at in (0.2, 0.9))
    return ((0.7 * level + 0.002) * rng.uniform(-1, 1, len(time))).astype(np.float32)


def example_pictures(seconds: float, wanted: Pictures) -> tuple[np.ndarray, np.ndarray]:
    """A square that jumps twice a second.

    Args:
        seconds: how long.
        wanted: size and colour of the pictures.

    Returns:
        uint8 `[frames, height, width]` (grey) or `[frames, height, width, 3]`, and times
        `[frames]` s.
    """
    times = np.arange(round(seconds * _FRAME_RATE)) / _FRAME_RATE
    height, width = wanted.height, wanted.width
    rows, columns = np.mgrid[:height, :width]
    pictures = np.repeat((60 + 40 * np.sin(columns / 5) * np.cos(rows / 4))[None], len(times), 0)
    for picture, time in zip(pictures, times, strict=True):
        left = width // 12 + width // 8 * (int(2 * time) % 6)
        picture[5 * height // 16 : 5 * height // 8, left : left + width // 6] = 230
    pictures = pictures.astype(np.uint8)
    if wanted.colour != "gray":
        pictures = np.repeat(pictures[..., None], 3, axis=-1)
    return pictures, times


def example_features(config: Config, frames: int) -> np.ndarray:
    """Noise of unit deviation with a peak every second, `[frames, feature_width]` float32."""
    features = np.random.default_rng(1).normal(size=(frames, config.video.feature_width))
    features[:: max(1, round(config.timebase.feature_rate))] += 2
    return features.astype(np.float32)
