"""A blade that comes straight down on something and moves along it: chopping, slicing."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """A block, the pieces cut off it, and a hand with a blade that lands at the onsets."""
    rng, times = world.rng, world.times
    side = world.either()
    block = world.sprite(rng.uniform(40, 90), rng.uniform(10, 30), "rectangle")
    blade = world.sprite(rng.uniform(25, 60), rng.uniform(8, 18), "rectangle")
    hand = world.sprite(rng.uniform(12, 25), rng.uniform(12, 25), "ellipse")
    piece = world.sprite(rng.uniform(4, 12), rng.uniform(10, 25))
    height = curves.swing(
        times,
        world.onsets,
        world.sizes * rng.uniform(10, 45) * world.scale,
        lift=rng.uniform(0.15, 0.6),
        fall=rng.uniform(0.05, 0.18),
        power=rng.uniform(1.2, 3),
        rebound=0.0,
    )
    shaking = curves.responses(times, world.onsets, world.sizes, 0.06)
    shaking = shaking * np.sin(times * 45) * rng.uniform(0, 2)
    # Between two cuts the blade moves on by the width of a piece.
    advance = side * rng.uniform(1, 6) * world.scale
    cuts = np.array([curves.smooth_step((times - onset) / 0.15) for onset in world.onsets])
    along = advance * (cuts.sum(axis=0) - len(world.onsets) / 2)
    tilt = rng.uniform(-0.2, 0.2) + side * height / 400

    def draw(canvas, i, dx, dy):
        x, y = world.x + dx, world.y + dy
        canvas.draw(block, x, y + shaking[i], pivot=(0.5, 0.0))
        for k, onset in enumerate(world.onsets):
            since = times[i] - onset
            if 0 <= since < 0.6:  # a piece falls away from the cut
                at = x + advance * (k - len(world.onsets) / 2)
                fallen = 60 * world.scale * since**2
                canvas.draw(piece, at - 40 * side * world.scale * since, y + fallen, side * since)
        edge = y - blade.height / 2 - height[i]
        canvas.draw(blade, x + along[i], edge, tilt[i])
        canvas.draw(hand, x + along[i] + side * blade.width / 2, edge, tilt[i])

    return [draw]
