"""A ball falls, touches the ground at the onsets, and flies up again, maybe to be held there."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """A ball that is squeezed on the ground, and often the ground itself."""
    rng, times = world.rng, world.times
    size = rng.uniform(16, 45)
    ball = world.sprite(size, size, "ellipse")
    ground = world.sprite(400 / world.scale, 60 / world.scale, "rectangle")
    progress, length = curves.arcs(
        times, world.onsets, world.duration + rng.uniform(0.2, 1), rng.uniform(0.6, 1.2), aloft=True
    )
    gravity = rng.uniform(150, 420)
    peak = np.minimum(gravity * length**2 / 8, world.y - 8)
    height = 4 * peak * progress * (1 - progress)
    drift = curves.wander(rng, times, 1.0, rng.uniform(0, 20))
    spin = rng.uniform(-3, 3) * times
    show_ground = rng.random() < 0.6

    def draw(canvas, i, dx, dy):
        if show_ground:
            canvas.draw(ground, world.x + dx, world.y + dy, pivot=(0.5, 0.0))
        squeezed = height[i] < 1.5 and length[i] > 0
        stretch = (1.2, 0.75) if squeezed else (1.0, 1.0)
        angle = 0.0 if squeezed else spin[i]
        bottom = world.y - height[i] - ball.height / 2 * stretch[1]
        canvas.draw(ball, world.x + drift[i] + dx, bottom + dy, angle, stretch)

    return [draw]
