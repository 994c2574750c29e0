"""Two runs side by side."""

from pathlib import Path
from typing import Annotated

import typer


def compare(
    first: Annotated[Path, typer.Argument(help="Folder or results.json of a run.")],
    second: Annotated[Path, typer.Argument(help="The same of another, on the same data.")],
    first_system: Annotated[
        str | None, typer.Option(help="System of the first run, where it has several.")
    ] = None,
    second_system: Annotated[str | None, typer.Option(help="System of the second run.")] = None,
) -> None:
    """Compare two runs clip by clip: second less first, bootstrap interval, Wilcoxon's p.

    Name one run twice to compare two systems in it.
    """
    from vsg_tf.evaluation import comparing
    from vsg_tf.evaluation.results import read_results

    runs = read_results(first), read_results(second)
    systems = (
        comparing.pick_system(runs[0], first_system, str(first)),
        comparing.pick_system(runs[1], second_system, str(second)),
    )
    names = systems if systems[0] != systems[1] else (f"{systems[0]} (1)", f"{systems[1]} (2)")
    rows = comparing.compare(runs[0], systems[0], runs[1], systems[1])
    typer.echo(comparing.markdown(rows, *names))
