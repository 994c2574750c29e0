"""A face whose mouth opens at the onsets, and that may throw itself forward as in a cough."""

import numpy as np

from vsg_tf.data.synthetic.scenes import curves
from vsg_tf.data.synthetic.scenes.world import Layer, World


def build(world: World) -> list[Layer]:
    """Shoulders, a head that nods with the sound, and a mouth open while it lasts."""
    rng, times = world.rng, world.times
    size = rng.uniform(40, 90)
    face = world.sprite(size * rng.uniform(0.7, 1), size, "ellipse")
    mouth = world.sprite(size * rng.uniform(0.2, 0.4), size * 0.3, "ellipse", rng.uniform(5, 60))
    shoulders = world.sprite(size * 1.4, size * 1.2, "polygon")
    cough = rng.random() < 0.4
    attack = rng.uniform(0.03, 0.1)
    opening = np.zeros(len(times))
    for onset, amount, length in zip(world.onsets, world.sizes, world.durations, strict=True):
        held = np.clip(length, 0.06, 1.2)
        rise = curves.smooth_step((times - onset + attack * 0.5) / attack)
        fall = curves.smooth_step((onset + held + 0.1 - times) / 0.12)
        opening = np.maximum(opening, rise * fall * amount)
    if cough:
        thrust = curves.responses(
            times, world.onsets - 0.02, world.sizes, rng.uniform(0.15, 0.5), rng.uniform(0.02, 0.05)
        )
        thrust = thrust * (rng.uniform(5, 22) * world.scale + 2)
    else:
        thrust = opening * rng.uniform(-8, 8) * world.scale
    sideways = thrust * rng.uniform(-0.8, 0.8)
    tilt = thrust * rng.uniform(-0.02, 0.02)
    sway = [curves.wander(rng, times, rng.uniform(0.5, 2), rng.uniform(0, 4)) for _ in range(2)]
    jaw, follow = rng.uniform(0.3, 1.1), rng.uniform(0, 0.7)

    def draw(canvas, i, dx, dy):
        x, y = world.x + sway[0][i] + dx, world.y + sway[1][i] + dy
        canvas.draw(shoulders, x + follow * sideways[i], y + face.height * 0.9 + follow * thrust[i])
        x, y = x + sideways[i], y + thrust[i]
        canvas.draw(face, x, y, tilt[i], (1.0, 1 + 0.12 * jaw * opening[i]))
        if opening[i] > 0.05:
            stretch = (1.0, 0.1 + opening[i] * jaw)
            canvas.draw(mouth, x, y + face.height * 0.22, tilt[i], stretch)

    return [draw]
