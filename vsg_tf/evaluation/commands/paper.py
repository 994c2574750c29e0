"""The paper's tables of what was evaluated."""

from pathlib import Path
from typing import Annotated

import typer


def paper(
    results: Annotated[
        Path, typer.Option(help="Folder that vsg evaluate wrote, on the pairs of protocol.")
    ],
    out: Annotated[Path, typer.Option(help="Markdown file to write.")],
    ablations: Annotated[
        Path | None, typer.Option(help="Folder that vsg evaluate ablations wrote.")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace a file that exists.")] = False,
) -> None:
    """Timbre by category, MCD of ablations and reference lengths, laid out as in the paper."""
    from vsg_tf.atomic import atomic_path
    from vsg_tf.evaluation.paper_table import paper_tables, read_ablations
    from vsg_tf.evaluation.results import read_results

    removed = None if ablations is None else read_ablations(ablations)
    text = paper_tables(read_results(results), removed)
    with atomic_path(out, overwrite) as temporary:
        temporary.write_text(text, encoding="utf-8")
    typer.echo(text)
