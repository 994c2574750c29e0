"""Two runs on the same items, compared pair by pair."""

from typing import NamedTuple

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.evaluation.measures import MEASURES, heading
from vsg_tf.evaluation.report import cell, number, table
from vsg_tf.evaluation.results import Results
from vsg_tf.metrics.statistics import Comparison, compare_paired


class Row(NamedTuple):
    """One measure of two systems."""

    measure: str
    first: float
    second: float
    comparison: Comparison


def pick_system(results: Results, wanted: str | None, origin: str) -> str:
    """The one system of a run, or the one that is asked for.

    Raises:
        InputError: it is not there, or there are several and none is asked for.
    """
    known = ", ".join(results.systems)
    if wanted is not None:
        if wanted not in results.systems:
            raise InputError(f"{origin} has no system {wanted!r}; it has: {known}.")
        return wanted
    if len(results.systems) > 1:
        raise InputError(f"{origin} has several systems ({known}); choose one by its name.")
    return results.systems[0]


def compare(first: Results, system: str, second: Results, other: str) -> list[Row]:
    """Every measure that both have, over the items that both have.

    Raises:
        InputError: they share no item.
    """
    before, after = first.scores[system], second.scores[other]
    shared = [identity for identity in before if identity in after]
    if not shared:
        raise InputError("The two runs share no item; evaluate both on the same data.")
    rows = []
    for key in MEASURES:
        values = np.array(
            [[run[i].get(key, np.nan) for i in shared] for run in (before, after)], np.float64
        )
        both = ~np.isnan(values).any(axis=0)
        if both.any():
            kept = values[:, both]
            rows.append(Row(key, *kept.mean(axis=1), compare_paired(*kept)))
    return rows


def markdown(rows: list[Row], first: str, second: str) -> str:
    """The comparison as a table; `better` names the system where the interval leaves out 0."""
    cells = []
    for row in rows:
        measure, difference = MEASURES[row.measure], row.comparison.difference
        verdict = ""
        if measure.better in ("higher", "lower") and difference.low * difference.high > 0:
            gained = (difference.mean > 0) == (measure.better == "higher")
            verdict = second if gained else first
        cells.append(
            [
                heading(measure),
                number(row.first, measure.decimals),
                number(row.second, measure.decimals),
                cell(difference, measure.decimals + 1),
                number(row.comparison.p, 3),
                str(difference.count),
                verdict,
            ]
        )
    columns = ["measure", first, second, "difference [95 %]", "p", "clips", "better"]
    return table(columns, cells)
