"""A walking figure; a foot reaches the ground at every onset."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """A body that bobs, and two legs that swing in turns."""
    rng, times = world.rng, world.times
    body = world.sprite(
        rng.uniform(15, 50), rng.uniform(35, 70), str(rng.choice(["ellipse", "polygon"]))
    )
    length = rng.uniform(30, 50)
    legs = [world.sprite(rng.uniform(5, 12), length, "rectangle") for _ in range(2)]
    progress, _ = curves.arcs(
        times, world.onsets, world.duration + 1, rng.uniform(0.4, 0.8), aloft=False
    )
    number = np.searchsorted(world.onsets, times, side="right")
    reach = np.sin(np.pi * progress) * rng.uniform(0.5, 0.9) * (-1.0) ** number
    bob = 4 * progress * (1 - progress) * rng.uniform(2, 9) * world.scale
    # The landing shakes the whole figure: what a viewer takes as the moment of the step.
    landing = curves.responses(times, world.onsets, world.sizes, 0.06)
    landing = landing * rng.uniform(1, 5) * world.scale
    walk = rng.uniform(-12, 12) * (times - world.duration / 2)

    def draw(canvas, i, dx, dy):
        x, y = world.x + walk[i] + dx, world.y - 10 - bob[i] + landing[i] + dy
        hip = y + body.height * 0.35
        for leg, side in zip(legs, (1, -1), strict=True):
            lifted = max(0.0, side * np.sign(reach[i])) * abs(reach[i]) * 0.3
            canvas.draw(leg, x, hip, side * reach[i], (1.0, 1.0 - lifted), (0.5, 0.0))
        canvas.draw(body, x, y)

    return [draw]
