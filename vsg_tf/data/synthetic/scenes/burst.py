"""Flashes with flying particles: fireworks, shots, sparks."""

import numpy as np

from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """Every event lights up at its onset and throws particles that fade."""
    rng = world.rng
    count = len(world.onsets)
    spread = rng.random(count) < 0.6
    xs = np.where(spread, rng.uniform(0.15, 0.85, count) * world.width, world.x)
    ys = np.where(spread, rng.uniform(10, 90, count), world.y)
    radius = rng.uniform(4, 40) * world.scale + 3
    brightness, overall = rng.uniform(80, 255), rng.uniform(0, 60)
    fade = rng.uniform(0.04, 0.25)
    life = rng.uniform(0.3, 1.3)
    speed = rng.uniform(40, 110) * world.scale + 10
    particles = int(rng.integers(10, 40)) if rng.random() < 0.7 else 0
    angles = rng.uniform(0, 2 * np.pi, (count, particles))
    speeds = rng.uniform(0.3, 1, (count, particles))

    def draw(canvas, i, dx, dy):
        since = world.times[i] - world.onsets
        for k in np.nonzero((since >= 0) & (since < life))[0]:
            light = np.exp(-since[k] / fade) * world.sizes[k]
            if light > 0.03:
                canvas.glow(xs[k] + dx, ys[k] + dy, radius, light * brightness, light * overall)
            if particles:
                flown = speed * (1 - np.exp(-since[k] / 0.35)) * world.sizes[k] * speeds[k]
                fall = 15 * since[k] ** 2
                left = brightness * (1 - since[k] / life)
                canvas.dots(
                    xs[k] + dx + flown * np.cos(angles[k]),
                    ys[k] + dy + flown * np.sin(angles[k]) + fall,
                    min(255.0, 60 + left),
                )

    return [draw]
