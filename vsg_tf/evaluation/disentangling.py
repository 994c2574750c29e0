"""Whether a system keeps timing, timbre and background apart, on scenes whose truth is known."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from vsg_tf.baselines import System
from vsg_tf.evaluation import scoring
from vsg_tf.evaluation.report import cell, table
from vsg_tf.evaluation.scenes import Scene, make_scene
from vsg_tf.metrics.disentanglement import FACTORS, follow_table, sound_distances
from vsg_tf.metrics.statistics import bootstrap_mean


def _renders(system: System, scene: Scene, seed: int) -> dict[str, np.ndarray]:
    def render(video: str, reference: str, **options) -> np.ndarray:
        made = system(scene.videos[video], scene.references[reference], seed=seed, **options)
        return scoring.at_rate(made, system.sample_rate)

    made = {
        "base": render("base", "base"),
        "timing": render("timing", "base"),
        "timbre": render("base", "timbre"),
    }
    if getattr(system, "plays_background", False):
        made["background"] = render("base", "base", background=1.0)
    return made


def measure_disentanglement(
    system: System,
    scenes: int,
    seed: int = 0,
    report: Callable[[str], None] = lambda text: None,
) -> np.ndarray:
    """The tables of `metrics.disentanglement.follow_table`, `[scenes, 3, 3]`.

    The background is changed by asking the system for that of the reference (0 to 1); systems
    without such a control have NaN there.

    Args:
        system: to be measured.
        scenes: how many, each of another kind of scene and two other things.
        seed: of the first scene, and of the system.
        report: is told of progress.
    """
    distances = sound_distances(scoring.RATE, scoring.envelope, scoring.TIMEBASE.feature_rate)
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(scenes):
            scene = make_scene(seed + number, Path(folder))
            made = _renders(system, scene, seed)
            tables.append(follow_table(made, scene.truths, distances))
            report(f"{system.name} [{number + 1}/{scenes}]")
    return np.array(tables)


def disentanglement_markdown(tables: np.ndarray) -> str:
    """Means over scenes with 95 % intervals; the identity is perfect."""
    rows = [
        [f"**{changed}** changes", *(cell(bootstrap_mean(tables[:, row, column]))
                                     for column in range(len(FACTORS)))]
        for row, changed in enumerate(FACTORS)
    ]  # fmt: skip
    return table(["", *(f"{factor} follows" for factor in FACTORS)], rows)
