"""`vsg export`: a trained model as files that other programs serve."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Format(str, Enum):
    """What can be written."""

    SAVED_MODEL = "saved_model"


@app.command()
def export(
    out: Annotated[
        Path, typer.Option(help="Folder of the exported versions; the next number is added.")
    ],
    model: Annotated[
        Path | None,
        typer.Option(help="Training run or model folder; default: the model that ships."),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="saved_model: for TensorFlow Serving and vsg serve.")
    ] = Format.SAVED_MODEL,
) -> None:
    """Write a trained model as OUT/<version>, with its card and the table of its signatures."""
    from vsg_tf.extras import start_tensorflow

    start_tensorflow()
    from vsg_tf.export.saved_model import export_saved_model, folder_size
    from vsg_tf.inference.synthesizer import default_model_dir
    from vsg_tf.model_files import CARD_FILE, load_model_dir

    folder = default_model_dir() if model is None else model
    # A run keeps its model in a folder of its own.
    folder = folder / "model" if (folder / "model").is_dir() else folder
    config, generator = load_model_dir(folder)

    card = folder / CARD_FILE
    text = card.read_text(encoding="utf-8") if card.is_file() else ""
    written = export_saved_model(config, generator, text, out)
    print(f"{written} ({folder_size(written) / 1e6:.1f} MB)")


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
