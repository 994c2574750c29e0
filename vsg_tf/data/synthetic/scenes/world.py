"""What a scene family knows about the clip it acts in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vsg_tf.data.synthetic.scenes.canvas import REFERENCE_HEIGHT, Canvas, Sprite

# Draws on a canvas for frame i, everything shifted by (dx, dy) reference units (the camera).
Layer = Callable[[Canvas, int, float, float], None]


@dataclass
class World:
    """The stage: lengths in reference units (128 = height of the picture), times in seconds.

    Args:
        rng: source of chance.
        times: `[frames]`.
        onsets: `[events]` visible times.
        sizes: `[events]` how large each movement is, 0..1.
        durations: `[events]` how long each event sounds.
        duration: of the clip.
        width: of the picture.
        pixels: pixels per reference unit.
        channels: 1 or 3.
        centred: keep the action large and in the middle.
    """

    rng: np.random.Generator
    times: np.ndarray
    onsets: np.ndarray
    sizes: np.ndarray
    durations: np.ndarray
    duration: float
    width: float
    pixels: float
    channels: int
    centred: bool

    def __post_init__(self):
        rng = self.rng
        reach = (0.45, 0.55) if self.centred else (0.25, 0.75)
        self.x = rng.uniform(*reach) * self.width
        self.y = rng.uniform(0.55, 0.65) * REFERENCE_HEIGHT
        if not self.centred:
            self.y = rng.uniform(0.3, 0.75) * REFERENCE_HEIGHT
        self.scale = 1.0 if self.centred else float(np.exp(rng.uniform(np.log(0.35), np.log(1.5))))

    def sprite(self, width: float, height: float, shape: str | None = None, base=None) -> Sprite:
        """A new sprite; sizes are multiplied by the scene's scale."""
        shape = shape or str(self.rng.choice(["ellipse", "rectangle", "polygon"]))
        size = (width * self.scale + 2, height * self.scale + 2)
        return Sprite(self.rng, *size, shape, self.pixels, self.channels, base)

    def either(self) -> int:
        """-1 or 1."""
        return -1 if self.rng.random() < 0.5 else 1
