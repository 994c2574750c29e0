"""A hand, brush or bow drawn to and fro over a surface; each onset is the start of a stroke."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World

_SHORTEST = 0.08  # s of a stroke


def build(world: World) -> list[Layer]:
    """A surface, and something that rests between strokes and goes faster for loud ones."""
    rng, times = world.rng, world.times
    surface = world.sprite(rng.uniform(60, 110), rng.uniform(15, 40), "rectangle")
    tool = world.sprite(rng.uniform(15, 40), rng.uniform(10, 25))
    arm = world.sprite(rng.uniform(40, 80), rng.uniform(6, 14), "rectangle")
    place = _strokes(world) * rng.uniform(0.5, 1.0)
    lean = rng.uniform(-0.6, 0.6)  # of the direction of the strokes
    press = curves.responses(times, world.onsets, world.sizes, rng.uniform(0.1, 0.3), 0.02)
    press = press * rng.uniform(0, 3) * world.scale

    def draw(canvas, i, dx, dy):
        x = world.x + dx + place[i] * np.cos(lean)
        y = world.y + dy + place[i] * np.sin(lean) + press[i]
        canvas.draw(surface, world.x + dx, world.y + dy + 4, pivot=(0.5, 0.0))
        canvas.draw(arm, x, y - 4, -1.0 + 0.004 * place[i], pivot=(0.0, 0.5))
        canvas.draw(tool, x, y)

    return [draw]


def _strokes(world: World) -> np.ndarray:
    """Place along the surface, `[frames]` reference units about 0."""
    rng = world.rng
    place = np.zeros(len(world.times))
    side = world.either()
    longest = rng.uniform(0.15, 0.6)
    following = [*world.onsets[1:], world.duration + 1]
    for onset, after, size in zip(world.onsets, following, world.sizes, strict=True):
        length = np.clip(0.9 * (after - onset), _SHORTEST, longest)
        reach = side * rng.uniform(25, 60) * world.scale * size
        start = place[np.searchsorted(world.times, onset) - 1] if onset > 0 else 0.0
        # It leaves at once and slows down: the jerk is at the onset.
        done = np.clip((world.times - onset) / length, 0, 1)
        moving = world.times >= onset
        place[moving] = start + (reach - start) * (1 - (1 - done[moving]) ** 2)
        side = -side
    return place
