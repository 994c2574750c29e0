"""`vsg render`: a project of the studio into a video or a sound, without the page."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def render(
    project: Annotated[Path, typer.Argument(help="Project file that the studio saved.")],
    output: Annotated[
        Path,
        typer.Option(help="Result: a video (.mp4, .mov, .mkv) or the sound alone (.wav, .flac)."),
    ],
    model: Annotated[
        Path | None, typer.Option(help="Model folder; default: the model that ships.")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an output that exists.")] = False,
) -> None:
    """Render a project of the studio: the same bytes as its export gives."""
    import sys

    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.progress_bar import ProgressBar
    from vsg_tf.studio.exporting import check_export, export_mix
    from vsg_tf.studio.opened import OpenProject

    check_export(output, overwrite)
    with OpenProject.load(project, Synthesizer.load(model)) as opened, ProgressBar() as progress:
        notes = export_mix(opened, output, overwrite, progress)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    print(output)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
