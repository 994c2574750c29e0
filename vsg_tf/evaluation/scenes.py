"""Scenes of which each factor can be changed alone, with the sound a perfect system would make."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vsg_tf.data.synthetic import arrangement, timing
from vsg_tf.data.synthetic.clip import procedural_cuts
from vsg_tf.data.synthetic.clip_files import write_film, write_wav
from vsg_tf.data.synthetic.film import shoot
from vsg_tf.data.synthetic.procedural import room_noise
from vsg_tf.data.synthetic.scenes import FAMILIES
from vsg_tf.events import EventTrack
from vsg_tf.frontends.motion.layout import HEIGHT, WIDTH

SECONDS, RATE = 5.0, 22_050
_LEAST_GAP = 0.45  # s between events
_LAG = 0.045  # s by which sounds follow what is seen, as in training
_SNR_DB = 20.0
_UNTREATED = arrangement.Treatment(0.0, ())


@dataclass(frozen=True)
class Scene:
    """Files to be rendered, and the truths.

    Args:
        videos: `base` and `timing`: the same kind of scene, events at other times.
        references: `base` and `timbre`: two kinds of thing, each at yet other times, with one
            background.
        truths: perfect sounds `[samples]` at 22,050 Hz: `base`, and with `timing`, `timbre` or
            `background` changed alone.
    """

    videos: dict[str, Path]
    references: dict[str, Path]
    truths: dict[str, np.ndarray]


def _two_objects(rng: np.random.Generator) -> list[list[np.ndarray]]:
    """Takes of two things of different kinds."""
    takes: dict[str, list[np.ndarray]] = {}
    while len(takes) < 2:
        kind, cuts = procedural_cuts(rng, RATE)
        if kind not in takes:
            takes[kind] = arrangement.choose_takes(cuts, _UNTREATED, rng)
    return list(takes.values())


def make_scene(seed: int, folder: Path) -> Scene:
    """Write the files of a scene; the same seed gives the same scene."""
    rng = np.random.default_rng(seed)
    family = list(FAMILIES)[seed % len(FAMILIES)]
    objects = _two_objects(rng)
    tracks = []
    for _ in range(4):
        times = timing.draw_times(rng, SECONDS, _LEAST_GAP)
        tracks.append((times, timing.draw_strengths(rng, len(times))))
    noise = room_noise(rng, 3 * round(SECONDS * RATE)).reshape(3, -1)
    play_seed = int(rng.integers(1 << 31))

    def play(thing: int, track: int) -> tuple[np.ndarray, EventTrack]:
        return arrangement.arrange(
            objects[thing],
            *tracks[track],
            _UNTREATED,
            SECONDS,
            RATE,
            np.random.default_rng(play_seed),
        )

    videos, references = {}, {}
    truths = {}
    for number, name in enumerate(("base", "timing")):
        truths[name], events = play(0, number)
        seen = EventTrack(events.times - _LAG, events.strengths, events.durations)
        videos[name] = folder / f"{seed}-{name}.mp4"
        film = shoot(family, seen, SECONDS, np.random.default_rng(play_seed), (WIDTH, HEIGHT))
        write_film(videos[name], film)
    for number, name in enumerate(("base", "timbre")):
        sound, _ = play(number, 2 + number)
        sound, _ = arrangement.add_background(sound, noise[number], _SNR_DB)
        references[name] = folder / f"{seed}-{name}.wav"
        write_wav(references[name], sound, RATE)
    truths["timbre"] = play(1, 0)[0]
    truths["background"] = arrangement.add_background(truths["base"], noise[2], _SNR_DB)[0]
    return Scene(videos, references, truths)
