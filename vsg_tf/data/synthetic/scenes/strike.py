"""A stick or mallet strikes a target; sometimes two take turns, as on a drum."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """Layers from back to front; the stick's head touches the target at the onsets."""
    rng, times = world.rng, world.times
    target = world.sprite(rng.uniform(25, 80), rng.uniform(10, 40))
    shaking = curves.responses(times, world.onsets, world.sizes, 0.08)
    shaking = shaking * np.sin(times * 50) * rng.uniform(0, 3)

    def draw_target(canvas, i, dx, dy):
        canvas.draw(target, world.x + dx, world.y + dy + shaking[i], pivot=(0.5, 0.0))

    layers = [draw_target]
    sticks = 2 if rng.random() < 0.3 else 1
    first_side = world.either()
    for turn in range(sticks):
        mine = np.arange(len(world.onsets)) % sticks == turn
        layers.append(_stick(world, mine, first_side * (-1) ** turn))
    return layers


def _stick(world: World, mine: np.ndarray, side: int) -> Layer:
    rng = world.rng
    length = rng.uniform(30, 70) * world.scale + 8
    stick = world.sprite(length / world.scale, rng.uniform(3, 8), "rectangle")
    head = world.sprite(
        rng.uniform(8, 20), rng.uniform(8, 20), str(rng.choice(["ellipse", "polygon"]))
    )
    height = curves.swing(
        world.times,
        world.onsets[mine],
        world.sizes[mine] * rng.uniform(0.4, 1.3),
        lift=rng.uniform(0.25, 1.1),
        fall=rng.uniform(0.06, 0.25),
        power=rng.uniform(1.2, 4),
        rebound=rng.uniform(0, 0.3),
    )
    arm = rng.uniform(0, 25) * world.scale

    def draw(canvas, i, dx, dy):
        # The hand is at the side; the stick points at the target and turns up by `height`.
        x, y = world.x + side * length + dx, world.y - 0.2 * head.height + dy - arm * height[i]
        angle = np.pi + height[i] if side > 0 else -height[i]
        canvas.draw(stick, x, y, angle, pivot=(0.0, 0.5))
        canvas.draw(head, x + length * np.cos(angle), y + length * np.sin(angle), angle)

    return draw
