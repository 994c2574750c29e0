"""The ablation table as Markdown, and mels of its cases as a picture."""

from pathlib import Path

import numpy as np

from vsg_tf.evaluation.ablations import FULL, INPUTS, Table
from vsg_tf.evaluation.plots import pyplot, save
from vsg_tf.evaluation.report import cell, number, table
from vsg_tf.metrics.statistics import bootstrap_mean, compare_paired

PICTURES = ("target", FULL, *(f"without {encoder}, zeros" for encoder in INPUTS))


def ablation_markdown(result: Table) -> str:
    """A row a case, means with 95 % intervals, and the paired difference of MCD to `full`."""
    rows = []
    full = np.array(result.scores[FULL]["mcd"])
    for name, scores in result.scores.items():
        mcd = np.array(scores["mcd"])
        more = "-" if name == FULL else cell(compare_paired(full, mcd).difference)
        estimates = [bootstrap_mean(scores[key]) for key in ("mcd_level", "mel_l1", "loudness_r")]
        rows.append(
            [
                name,
                cell(bootstrap_mean(mcd)),
                more,
                cell(estimates[0]),
                number(estimates[1].mean, 3),
                cell(estimates[2]),
            ]
        )
    columns = ["case", "MCD ↓", "more than full", "MCD, c0 ↓", "mel L1 ↓", "loudness r ↑"]
    return f"{len(full)} clips\n\n" + table(columns, rows)


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
