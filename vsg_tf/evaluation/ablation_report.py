"""The ablation table as Markdown, and mels of its cases as a picture."""

from pathlib import Path

import numpy as np

from vsg_tf.evaluation.ablations import FULL, INPUTS, TRUE_EVENTS, Table
from vsg_tf.evaluation.plots import pyplot, save
from vsg_tf.evaluation.report import cell, number, table
from vsg_tf.metrics.statistics import bootstrap_mean, compare_paired

PICTURES = ("target", FULL, *(f"without {encoder}, zeros" for encoder in INPUTS))


def ablation_markdown(result: Table) -> str:
    """A row a case: means with 95 % intervals, and paired differences of MCD to `full`."""
    rows = []
    for name, scores in result.scores.items():
        mcd = np.array(scores["mcd"])
        whole = FULL + (TRUE_EVENTS if name.endswith(TRUE_EVENTS) else "")
        more = "-"
        if name != whole and whole in result.scores:
            full = np.array(result.scores[whole]["mcd"])
            more = cell(compare_paired(full, mcd).difference)
        estimates = {key: bootstrap_mean(values) for key, values in scores.items()}
        rows.append(
            [
                name,
                cell(estimates["mcd"]),
                more,
                cell(estimates["mcd_level"]),
                number(estimates["mel_l1"].mean, 3),
                cell(estimates["loudness_r"]),
                cell(estimates["texture"]),
            ]
        )
    measures = ["MCD ↓", "more than full", "MCD, c0 ↓", "mel L1 ↓", "loudness r ↑", "texture"]
    clips = len(result.scores[FULL]["mcd"])
    return f"{clips} clips\n\n" + table(["case", *measures], rows)


def plot_cases(result: Table, path: Path) -> str:
    """Mels of the first clip: the target and the four cases of the paper's figure."""
    names = [name for name in PICTURES if name in result.pictures]
    figure, axes = pyplot().subplots(
        1, len(names), figsize=(2.6 * len(names), 2.6), squeeze=False, layout="constrained"
    )
    for axis, name in zip(axes[0], names, strict=True):
        axis.imshow(result.pictures[name].T, origin="lower", aspect="auto", vmin=0, vmax=1)
        axis.set_title(name, fontsize="small")
        axis.set_xlabel("mel frame", fontsize="small")
    axes[0, 0].set_ylabel("mel band", fontsize="small")
    return save(figure, path)
