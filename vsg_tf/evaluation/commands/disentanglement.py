"""Which attribute of a sound follows which factor."""

from pathlib import Path
from typing import Annotated

import typer


def disentanglement(
    model: Annotated[list[str], typer.Option(help="As for vsg evaluate; repeat for several.")],
    out: Annotated[Path, typer.Option(help="Markdown file to write.")],
    scenes: Annotated[int, typer.Option(min=2, help="Scenes, four renders each.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Of the scenes and the system.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace a file that exists.")] = False,
) -> None:
    """Change timing, timbre or background alone: which measured attributes follow, which stay?

    On drawn scenes whose every factor is known. 1 follows as the truth does, 0 stays; the diagonal
    should be 1 and all else 0.
    """
    from vsg_tf.atomic import atomic_path, check_output
    from vsg_tf.extras import start_tensorflow

    check_output(out, overwrite)
    start_tensorflow()
    from vsg_tf.evaluation.disentangling import disentanglement_markdown, measure_disentanglement
    from vsg_tf.evaluation.systems import load_systems

    parts = []
    for name, system in load_systems(model).items():
        tables = measure_disentanglement(
            system, scenes, seed, report=lambda text: typer.echo(text, err=True)
        )
        parts.append(f"{name}, {scenes} scenes\n\n{disentanglement_markdown(tables)}\n")
    text = "\n".join(parts)
    with atomic_path(out, overwrite) as temporary:
        temporary.write_text(text, encoding="utf-8")
    typer.echo(text)
