"""`vsg render`: a project of the studio into a video or a sound, without the page."""

from pathlib import Path
from typing import Annotated

import typer

from vsg_tf import generate_options as given
from vsg_tf.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def render(
    project: Annotated[Path, typer.Argument(help="Project file that the studio saved.")],
    output: Annotated[
        Path | None,
        typer.Option(help="Result: a video (.mp4, .mov, .mkv) or the sound alone (.wav, .flac)."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model folder; default: the model that ships.")
    ] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace an output that exists.")] = False,
    bit_depth: given.BitDepth = None,
    sample_rate: given.SampleRate = None,
    start_timecode: given.StartTimecode = None,
    hand_over: given.HandOver = None,
    session: given.SessionKinds = None,
    stems: given.Stems = False,
    midi: given.Midi = False,
    markers: given.Markers = None,
) -> None:
    """Render a project of the studio: the same bytes as its export gives.

    With --hand-over, every layer as stem, items and sessions for an editor, too.
    """
    import sys

    from vsg_tf.inference.delivery import Delivery
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.progress_bar import ProgressBar
    from vsg_tf.studio.exporting import check_export, export_mix
    from vsg_tf.studio.handing_over import hand_over_project
    from vsg_tf.studio.opened import OpenProject

    formats = given.handed_formats(session, stems, midi, markers)
    delivery = Delivery(formats, bit_depth, sample_rate, start_timecode)
    if formats and hand_over is None:
        hand_over = project.with_name(f"{project.stem}-hand-over")
    if output is None and hand_over is None:
        raise InputError("Say where the result goes: --output FILE, or --hand-over FOLDER.")
    if output is not None:
        check_export(output, overwrite)
    if hand_over is not None:
        delivery.check_folder(hand_over, overwrite)
    notes: list[str] = []
    with OpenProject.load(project, Synthesizer.load(model)) as opened, ProgressBar() as progress:
        if hand_over is not None:
            notes += hand_over_project(opened, hand_over, delivery, overwrite, progress)
        if output is not None:
            notes += export_mix(opened, output, overwrite, progress)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    for made in (output, hand_over):
        if made is not None:
            print(made)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
