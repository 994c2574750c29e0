"""Results as pictures."""

from pathlib import Path

import numpy as np

from vsg_tf.evaluation.measures import MEASURES, heading
from vsg_tf.evaluation.results import Results
from vsg_tf.evaluation.running import Curves
from vsg_tf.evaluation.scoring import TIMEBASE
from vsg_tf.extras import require

BARS = ("speaker_energy", "mfcc_distance", "f1_gain_100", "envelope_r", "mcd", "noise_floor")
OVERLAYS = 8


def pyplot():
    """matplotlib.pyplot, drawing to files alone."""
    require("matplotlib", extra="eval").use("Agg")
    return require("matplotlib.pyplot", extra="eval")


def save(figure, path: Path) -> str:
    """Write a PNG file; its name."""
    # No date and no version in the file: same results, same bytes.
    figure.savefig(path, dpi=80, metadata={"Software": None})
    pyplot().close(figure)
    return path.name


def plot_bars(results: Results, path: Path) -> str:
    """Means with intervals by category, a panel a measure, a colour a system."""
    keys = [key for key in BARS if key in results.measured()]
    groups: list[str | None] = [None, *results.categories()]
    figure, axes = pyplot().subplots(
        len(keys), 1, figsize=(max(6, 1.1 * len(groups) + 3), 2.2 * len(keys)), squeeze=False,
        layout="constrained",
    )  # fmt: skip
    width = 0.8 / len(results.systems)
    for axis, key in zip(axes[:, 0], keys, strict=True):
        for index, system in enumerate(results.systems):
            estimates = [results.estimate(system, key, category=group) for group in groups]
            means = np.array([estimate.mean for estimate in estimates])
            ends = np.array([[e.mean - e.low, e.high - e.mean] for e in estimates]).T
            places = np.arange(len(groups)) + (index - (len(results.systems) - 1) / 2) * width
            axis.bar(
                places, np.nan_to_num(means), width, yerr=np.nan_to_num(ends), label=system,
                error_kw={"linewidth": 0.8},
            )  # fmt: skip
        axis.set_ylabel(heading(MEASURES[key]).translate({0x2191: "(+)", 0x2193: "(-)"}))
        axis.set_xticks(range(len(groups)), ["all", *groups[1:]])
    axes[0, 0].legend(fontsize="small", ncols=3)
    return save(figure, path)


def plot_envelopes(curves: Curves, path: Path) -> str:
    """Loudness of the first items over that of the true sound."""
    shown = list(curves.envelopes.items())[:OVERLAYS]
    figure, axes = pyplot().subplots(
        len(shown), 1, figsize=(9, 1.6 * len(shown)), squeeze=False, layout="constrained"
    )
    for axis, (identity, lines) in zip(axes[:, 0], shown, strict=True):
        for name, line in lines.items():
            times = TIMEBASE.feature_times(len(line))
            if name == "truth":
                axis.fill_between(times, line, color="0.85", label=name)
            else:
                axis.plot(times, line, linewidth=1, label=name)
        axis.set_title(identity, fontsize="small")
        axis.set_ylim(0, 1.05)
    axes[-1, 0].set_xlabel("s")
    axes[0, 0].legend(fontsize="x-small", ncols=4)
    return save(figure, path)


def plot_retrieval(curves: Curves, path: Path) -> str:
    """MFCC distance of every sound to every reference; a dot marks the sound's own."""
    count = len(curves.similarity)
    figure, axes = pyplot().subplots(
        1, count, figsize=(3.4 * count + 0.6, 3.6), squeeze=False, layout="constrained"
    )
    for axis, (system, (matrix, own)) in zip(axes[0], curves.similarity.items(), strict=True):
        image = axis.imshow(-matrix, aspect="auto", cmap="viridis_r")
        axis.plot(own, np.arange(len(own)), "r.", markersize=4)
        axis.set_title(system, fontsize="small")
        axis.set_xlabel("reference")
    axes[0, 0].set_ylabel("sound")
    figure.colorbar(image, ax=axes[0, -1], label="MFCC distance")
    return save(figure, path)


def plot_all(results: Results, curves: Curves, folder: Path) -> list[str]:
    """Write every picture that there is something to show in; their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [plot_bars(results, folder / "categories.png")]
    if curves.envelopes:
        names.append(plot_envelopes(curves, folder / "envelopes.png"))
    if curves.similarity:
        names.append(plot_retrieval(curves, folder / "retrieval.png"))
    return names
