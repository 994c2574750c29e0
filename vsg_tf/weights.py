"""`vsg weights`: pretrained weights of visual networks, which are not part of this package."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Pretrained weights of visual networks, from files that you have downloaded.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def _group() -> None:
    """Pretrained weights of visual networks, from files that you have downloaded."""


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="bn_inception-9f5701afb96c8044.pth or bn_inception-52deb4733.pth, as published."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of weights; default: VSG_WEIGHTS, or one in your user folder."),
    ] = None,
) -> None:
    """Check a published file, read its tensors without running code, and keep them for `regnet`."""
    from vsg_tf.frontends.regnet.weights import import_weights

    typer.echo(f"The weights are in {import_weights(file, out)}.")


@app.command()
def fetch(
    preset: Annotated[
        str, typer.Argument(help="Preset of KerasHub, such as clip_vit_base_patch16 or hf://...")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of weights; default: VSG_WEIGHTS, or one in your user folder."),
    ] = None,
) -> None:
    """Let KerasHub download an encoder of pictures for the front end keras_hub."""
    from vsg_tf.frontends.encoders.keras_presets import fetch_preset

    folder = fetch_preset(preset, out)
    typer.echo(f"The encoder is in {folder}; name it by video.settings.keras_hub.preset.")


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
