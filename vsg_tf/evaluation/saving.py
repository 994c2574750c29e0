"""The files of a run."""

from pathlib import Path

from vsg_tf.evaluation.plots import plot_all
from vsg_tf.evaluation.report import markdown
from vsg_tf.evaluation.results import Results, write_results
from vsg_tf.evaluation.running import Curves


def save_run(folder: Path, results: Results, curves: Curves) -> None:
    """Write results.json, results.md and plots/ into a folder."""
    write_results(folder, results)
    names = plot_all(results, curves, folder / "plots")
    text = markdown(results, [f"plots/{name}" for name in names])
    (folder / "results.md").write_text(text, encoding="utf-8")
