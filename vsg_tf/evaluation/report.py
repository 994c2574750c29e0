"""Results as Markdown."""

import math
from collections.abc import Iterable, Sequence

from vsg_tf.evaluation.items import KINDS
from vsg_tf.evaluation.measures import MAIN, MEASURES, Measure, heading
from vsg_tf.evaluation.results import Results
from vsg_tf.metrics.statistics import Estimate


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines)


def number(value: float, decimals: int = 2) -> str:
    """A number as text; `-` where there is none."""
    return "-" if math.isnan(value) else f"{value:.{decimals}f}"


def cell(estimate: Estimate, decimals: int = 2) -> str:
    """Mean and interval as text."""
    if math.isnan(estimate.mean):
        return "-"
    text = number(estimate.mean, decimals)
    if math.isnan(estimate.low):
        return text
    return f"{text} [{number(estimate.low, decimals)}, {number(estimate.high, decimals)}]"


def main_table(results: Results, kind: str, intervals: bool = False) -> str:
    """Means of the main measures, a row a system; with their intervals where wanted."""
    keys = [key for key in MAIN if key in set(results.measured(kind))]

    def shown(system: str, key: str) -> str:
        estimate, decimals = results.estimate(system, key, kind), MEASURES[key].decimals
        return cell(estimate, decimals) if intervals else number(estimate.mean, decimals)

    rows = [[system, *(shown(system, key) for key in keys)] for system in results.systems]
    return table(["system", *(heading(MEASURES[key]) for key in keys)], rows)


def full_table(results: Results, kind: str) -> str:
    """Every measure with its interval, a column a system."""
    rows = []
    for key in results.measured(kind):
        measure = MEASURES[key]
        cells = (
            cell(results.estimate(system, key, kind), measure.decimals)
            for system in results.systems
        )
        rows.append([measure.group, heading(measure), *cells])
    return table(["", "measure", *results.systems], rows)


def category_table(results: Results, kind: str, measure: Measure) -> str:
    """Means of one measure, a row a category."""
    rows = [
        [category]
        + [
            number(results.estimate(system, measure.key, kind, category).mean, measure.decimals)
            for system in results.systems
        ]
        for category in results.categories()
    ]
    return table(["category", *results.systems], rows)


def _counts(results: Results, kind: str) -> str:
    counts = {
        system: sum(results.items[identity]["kind"] == kind for identity in rows)
        for system, rows in results.scores.items()
    }
    if len(set(counts.values())) == 1:
        return f"{next(iter(counts.values()))} clips"
    return "clips: " + ", ".join(f"{system} {count}" for system, count in counts.items())


def glossary(keys: Iterable[str]) -> str:
    """What each measure is, a line each."""
    return "\n".join(f"- **{heading(MEASURES[key])}**: {MEASURES[key].text}" for key in keys)


def markdown(results: Results, plots: Sequence[str] = ()) -> str:
    """The whole report.

    Args:
        results: of a run.
        plots: paths of pictures, relative to the report.
    """
    parts = ["# Evaluation", "Systems: " + ", ".join(results.systems) + "."]
    for kind in results.kinds():
        parts += [f"## {kind}: {KINDS[kind]}", f"{_counts(results, kind)}, means."]
        parts += [main_table(results, kind)]
        parts += ["With 95 % bootstrap intervals over clips:", full_table(results, kind)]
        if len(results.categories()) > 1:
            for key in ("speaker_speech", "mfcc_distance", "f1_gain_100", "envelope_r"):
                if key in results.measured(kind):
                    parts += [
                        f"By category, {heading(MEASURES[key])}:",
                        category_table(results, kind, MEASURES[key]),
                    ]
    parts += ["## What the numbers are", glossary(results.measured())]
    if plots:
        parts += ["## Plots", "\n".join(f"![{path}]({path})" for path in plots)]
    if results.failures:
        parts += [
            "## What could not be evaluated",
            "\n".join(f"- {f['system']}, {f['item']}: {f['reason']}" for f in results.failures),
        ]
    return "\n\n".join(parts) + "\n"
