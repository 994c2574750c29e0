"""A body runs into another at the onsets, which is pushed away and comes back."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """The pushed body, then the moving one; they touch at the onsets along a random direction."""
    rng, times = world.rng, world.times
    moving = world.sprite(rng.uniform(12, 50), rng.uniform(12, 50))
    pushed = world.sprite(rng.uniform(12, 60), rng.uniform(12, 60))
    direction = rng.uniform(0, 2 * np.pi)
    ahead = np.array([np.cos(direction), np.sin(direction)])
    distance = curves.swing(
        times,
        world.onsets,
        world.sizes * rng.uniform(25, 80),
        lift=rng.uniform(0.4, 1.5),
        fall=rng.uniform(0.15, 0.6),
        power=rng.uniform(1, 1.6),
        rebound=rng.uniform(0, 0.2),
    )
    push = curves.responses(times, world.onsets, world.sizes, rng.uniform(0.1, 0.5), 0.04)
    push = push * rng.uniform(2, 14)
    apart = ahead * 0.45 * [moving.width + pushed.width, moving.height + pushed.height]

    def draw(canvas, i, dx, dy):
        centre = np.array([world.x + dx, world.y + dy])
        canvas.draw(pushed, *(centre - apart - ahead * push[i]))
        canvas.draw(moving, *(centre + ahead * distance[i]))

    return [draw]
