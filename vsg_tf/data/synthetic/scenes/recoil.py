"""Something held jerks back at the onsets, often with a flash at its end: guns, tools, levers."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """A body, and an object that is thrown back and turned, then returns."""
    rng, times = world.rng, world.times
    held = world.sprite(
        rng.uniform(40, 110), rng.uniform(8, 30), str(rng.choice(["rectangle", "polygon"]))
    )
    body = world.sprite(rng.uniform(20, 60), rng.uniform(40, 80), "polygon")
    flash = world.sprite(rng.uniform(8, 30), rng.uniform(8, 25), "ellipse", 250)
    direction = rng.uniform(0, 2 * np.pi)
    rise, back = rng.uniform(0.005, 0.03), rng.uniform(0.06, 0.35)
    kick = curves.responses(times, world.onsets, world.sizes, back, rise)
    kick = kick * (rng.uniform(4, 20) * world.scale + 2)
    turn = curves.responses(times, world.onsets, world.sizes, rng.uniform(0.06, 0.3), 0.02)
    turn = turn * rng.uniform(-0.5, 0.5)
    light = curves.responses(times, world.onsets, world.sizes, rng.uniform(0.02, 0.05))
    light = light * (rng.uniform(0.4, 1.2) if rng.random() < 0.6 else 0.0)
    sway = curves.wander(rng, times, 0.6, rng.uniform(0, 4))
    follow = rng.uniform(0, 0.5)

    def draw(canvas, i, dx, dy):
        x = world.x + sway[i] + kick[i] * np.cos(direction) + dx
        y = world.y + kick[i] * np.sin(direction) + dy
        canvas.draw(
            body, world.x + 20 + follow * kick[i] * np.cos(direction) + dx, world.y + 15 + dy
        )
        canvas.draw(held, x, y, turn[i])
        if light[i] > 0.05:
            canvas.draw(flash, x - held.width * 0.6, y, alpha=min(1.0, light[i]))

    return [draw]
