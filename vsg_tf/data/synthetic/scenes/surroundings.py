"""What surrounds the action: background, camera, and things that move without a sound."""

import cv2
import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.canvas import REFERENCE_HEIGHT, Canvas, texture
from vsg_tf.data.synthetic.scenes.world import Layer, World

_MARGIN = 40  # reference units of background beyond each side of the picture


class Background:
    """A textured wall that moves with the camera.

    Args:
        world: the scene.
        dark: night, in which flashes show well.
    """

    def __init__(self, world: World, dark: bool):
        rng, scale = world.rng, world.pixels
        self.margin = _MARGIN * scale
        height = round((REFERENCE_HEIGHT + 2 * _MARGIN) * scale)
        width = round((world.width + 2 * _MARGIN) * scale)
        base = rng.uniform(5, 40) if dark else None
        contrast = rng.uniform(8, 30) if world.centred else None
        self.wall = texture(rng, height, width, base, contrast, scale)[..., None]
        if world.channels == 3:
            self.wall = np.clip(self.wall * rng.uniform(0.7, 1.2, 3).astype(np.float32), 0, 255)

    def frame(self, height: int, width: int, dx: float, dy: float, scale: float) -> np.ndarray:
        """The wall shifted by `dx, dy` reference units, `[height, width, channels]` float32."""
        shift = np.array(
            [[1, 0, dx * scale - self.margin], [0, 1, dy * scale - self.margin]], np.float32
        )
        seen = cv2.warpAffine(self.wall, shift, (width, height), borderMode=cv2.BORDER_REFLECT)
        return seen.reshape(height, width, -1)


def camera_path(world: World) -> np.ndarray:
    """Shift of the picture, `[frames, 2]` reference units: still, shaky, panning, jolted."""
    rng, times = world.rng, world.times
    path = np.zeros((len(times), 2))
    kind = rng.choice(["shaky", "panning", "still"], p=[0.35, 0.2, 0.45])
    for axis in range(2):
        if kind == "shaky":
            path[:, axis] = curves.wander(rng, times, rng.uniform(0.1, 0.5), rng.uniform(0.3, 3))
        elif kind == "panning":
            speed = curves.wander(rng, times, rng.uniform(0.4, 2), rng.uniform(2, 25))
            path[:, axis] = np.cumsum(speed) * (times[1] - times[0])
    if rng.random() < 0.2:
        jolt = curves.responses(times, world.onsets, world.sizes, rng.uniform(0.04, 0.12))
        path[:, 1] += jolt * np.sin(times * rng.uniform(30, 60)) * rng.uniform(0.5, 4)
    return np.clip(path, -200, 200)


def distractor(world: World) -> Layer:
    """Something that swings, wanders or passes by at times of its own."""
    rng, times = world.rng, world.times
    size = rng.uniform(8, 60, 2) / world.scale
    thing = world.sprite(*(size * (0.5 if world.centred else 1.0)))
    place = rng.uniform(0, 1, 2) * [world.width, REFERENCE_HEIGHT]
    if world.centred:
        place = np.array([rng.choice([0.1, 0.9]) * world.width, rng.uniform(20, 50)])
    kind = rng.choice(["swinging", "wandering", "passing"], p=[0.4, 0.4, 0.2])
    path = np.zeros((len(times), 2))
    for axis in range(2):
        if kind == "swinging":
            phase = times * rng.uniform(1, 7) + rng.uniform(0, 6)
            path[:, axis] = np.sin(phase) * rng.uniform(2, 30)
        elif kind == "wandering":
            path[:, axis] = curves.wander(rng, times, rng.uniform(0.2, 2), rng.uniform(2, 25))
        else:
            path[:, axis] = times * rng.uniform(-40, 40)

    def draw(canvas: Canvas, i: int, dx: float, dy: float) -> None:
        x, y = place + path[i] + [dx, dy]
        canvas.draw(thing, x, y, path[i, 0] * 0.02)

    return draw
