"""A long tool swung about a shoulder: axe, hammer, bat; chips fly where it hits."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """A leaning body, an arm with a tool, a block that jolts, and sometimes chips."""
    rng, times = world.rng, world.times
    side = world.either()
    body = world.sprite(rng.uniform(18, 35), rng.uniform(50, 90), "polygon")
    length = rng.uniform(40, 70)
    tool = world.sprite(length, rng.uniform(3, 8), "rectangle")
    head = world.sprite(rng.uniform(8, 16), rng.uniform(12, 28))
    block = world.sprite(rng.uniform(20, 50), rng.uniform(15, 40), "rectangle")
    lift = curves.swing(
        times,
        world.onsets,
        world.sizes * rng.uniform(1.2, 2.4),
        lift=rng.uniform(0.5, 1.4),
        fall=rng.uniform(0.1, 0.3),
        power=rng.uniform(1.5, 3),
        rebound=rng.uniform(0, 0.15),
    )
    jolt = curves.responses(times, world.onsets, world.sizes, rng.uniform(0.05, 0.2), 0.01)
    jolt = jolt * rng.uniform(1, 8) * world.scale
    chips = int(rng.integers(4, 15)) if rng.random() < 0.5 else 0
    angles = rng.uniform(-np.pi, 0, (len(world.onsets), chips))
    rest = rng.uniform(0.1, 0.6)  # the tool points down by this angle when it hits

    def draw(canvas, i, dx, dy):
        reach = length * world.scale
        x, y = world.x - side * reach * np.cos(rest) + dx, world.y - reach * np.sin(rest) + dy
        canvas.draw(block, world.x + dx, world.y + dy + jolt[i], pivot=(0.5, 0.0))
        canvas.draw(body, x, y + body.height * 0.3, -side * 0.15 * lift[i])
        turn = rest - lift[i]
        angle = turn if side > 0 else np.pi - turn
        canvas.draw(tool, x, y, angle, pivot=(0.0, 0.5))
        canvas.draw(head, x + reach * np.cos(angle), y + reach * np.sin(angle), angle)
        since = times[i] - world.onsets
        for k in np.nonzero((since >= 0) & (since < 0.35))[0] if chips else ():
            flown = 90 * world.scale * world.sizes[k] * since[k]
            canvas.dots(
                world.x + dx + flown * np.cos(angles[k]),
                world.y + dy + flown * np.sin(angles[k]) + 150 * since[k] ** 2,
                200.0,
            )

    return [draw]
