"""`vsg studio`: see, hear and move the events of a clip in a browser."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def studio(
    clip: Annotated[Path | None, typer.Argument(help="Video to be given a sound.")] = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option(help="Recording with the wanted timbre; each becomes a layer."),
    ] = None,
    guide: Annotated[
        str | None, typer.Option(help="'own' for the clip's own sound, or a file, decides timing.")
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(help="Project file: opened if it is there, else where the clip's is saved."),
    ] = None,
    port: Annotated[int, typer.Option(help="0: any that is free.", min=0, max=65535)] = 0,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than 127.0.0.1 can be reached.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open the page.")] = True,
    model: Annotated[
        Path | None, typer.Option(help="Model folder; default: the model that ships.")
    ] = None,
) -> None:
    """Open the studio: a page on this machine, in which events are seen, heard and moved."""
    from vsg_tf.extras import require

    for module in ("starlette", "uvicorn"):
        require(module, "studio")
    from vsg_tf.inference.synthesizer import Synthesizer
    from vsg_tf.studio.beginning import begin_project
    from vsg_tf.studio.running import run_studio
    from vsg_tf.studio.workspace import Workspace

    if clip is None and (project is None or not project.is_file()):
        raise InputError("Name a clip: vsg studio CLIP --reference SOUND, or --project P.yaml.")
    synthesizer = Synthesizer.load(model)
    begun, folder, path = begin_project(clip, reference or [], guide, project, synthesizer)
    workspace = Workspace(begun, folder, synthesizer, path)
    run_studio(workspace, host, port, browser, lambda text: print(text, file=sys.stderr))


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
