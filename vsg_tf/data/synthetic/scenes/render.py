"""A family, its events and its surroundings, drawn frame by frame."""

from collections.abc import Iterator

import numpy as np

from vsg_tf.data.synthetic.scenes import (
    bounce,
    burst,
    collide,
    curves,
    cut,
    mouth,
    recoil,
    rub,
    step,
    strike,
    surroundings,
    swing,
)
from vsg_tf.data.synthetic.scenes.canvas import REFERENCE_HEIGHT, Canvas
from vsg_tf.data.synthetic.scenes.world import World
from vsg_tf.events import EventTrack

FAMILIES = {
    "strike": strike,
    "bounce": bounce,
    "step": step,
    "burst": burst,
    "swing": swing,
    "mouth": mouth,
    "recoil": recoil,
    "collide": collide,
    "cut": cut,
    "rub": rub,
}
_SMALLEST_MOVEMENT = 0.35  # of the largest, for an event of strength 0


def render_scene(
    family: str,
    events: EventTrack,
    duration: float,
    rng: np.random.Generator,
    width: int,
    height: int,
    fps: float,
    clean: bool = False,
    colour: bool = False,
    distractors: int | None = None,
) -> Iterator[tuple[float, np.ndarray]]:
    """Draw a clip.

    Args:
        family: one of `FAMILIES`.
        events: times are those of what is seen; strengths set the size of the movement.
        duration: s.
        rng: draws everything else; the same state gives the same pictures.
        width: pixels.
        height: pixels.
        fps: frames per second.
        clean: action large and in the middle, still camera, no cut and steady light.
        colour: tinted instead of grey.
        distractors: moving things that make no sound; None draws a number (none if `clean`).

    Yields:
        Time in s and a uint8 frame, `[height, width]` or, in colour, `[height, width, 3]` RGB.
    """
    scale = height / REFERENCE_HEIGHT
    times = np.arange(max(2, int(duration * fps))) / fps
    world = World(
        rng=rng,
        times=times,
        onsets=events.times,
        sizes=_SMALLEST_MOVEMENT + (1 - _SMALLEST_MOVEMENT) * events.strengths,
        durations=events.durations,
        duration=duration,
        width=width / scale,
        pixels=scale,
        channels=3 if colour else 1,
        centred=clean,
    )
    dark = rng.random() < (0.5 if family == "burst" else 0.15)
    walls = [surroundings.Background(world, dark)]
    layers = FAMILIES[family].build(world)
    if distractors is None:
        distractors = 0 if clean else int(rng.choice([0, 0, 1, 2]))
    for _ in range(distractors):
        layer = surroundings.distractor(world)
        layers.insert(0 if clean or rng.random() < 0.6 else len(layers), layer)
    camera, light = np.zeros((len(times), 2)), np.ones(len(times))
    changed = len(times)  # the frame from which there is another background
    if not clean:
        camera = surroundings.camera_path(world)
        if rng.random() < 0.4:
            light += curves.wander(rng, times, rng.uniform(0.1, 1.5), rng.uniform(0, 0.04))
        if rng.random() < 0.08:
            changed = int(rng.uniform(0.2, 0.8) * len(times))
            walls.append(surroundings.Background(world, dark))
    for i, time in enumerate(times):
        dx, dy = camera[i]
        frame = walls[int(i >= changed)].frame(height, width, dx, dy, scale)
        canvas = Canvas(frame)
        for layer in layers:
            layer(canvas, i, dx, dy)
        frame = np.clip(canvas.frame * np.float32(light[i]), 0, 255).astype(np.uint8)
        yield float(time), frame if colour else frame[..., 0]
