"""`vsg export`: a trained model as files that other programs serve."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Format(str, Enum):
    """What can be written."""

    SAVED_MODEL = "saved_model"
    ONNX = "onnx"


@app.command()
def export(
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to write; a SavedModel goes into a version in it, the next free number."
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="Training run or model folder; default: the model that ships."),
    ] = None,
    form: Annotated[
        Format,
        typer.Option(
            "--format",
            help="saved_model: for TensorFlow Serving and vsg serve; onnx: for machines without "
            "TensorFlow.",
        ),
    ] = Format.SAVED_MODEL,
    quantize: Annotated[
        bool,
        typer.Option("--quantize", help="ONNX: weights as 8-bit integers, smaller and slower."),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="ONNX: replace the folder if it exists.")
    ] = False,
    beside: Annotated[
        bool,
        typer.Option(
            "--beside",
            help="ONNX: instead of --out, into the folder of --model, beside its weights; vsg "
            "generate runs them from there.",
        ),
    ] = False,
) -> None:
    """Write a trained model for other programs, with its card and a table of inputs and outputs."""
    if form is not Format.ONNX and (quantize or overwrite or beside):
        raise InputError("--quantize, --overwrite and --beside are for --format onnx.")
    if beside and (out is not None or quantize or overwrite):
        raise InputError("--beside goes without --out, --quantize and --overwrite.")
    if out is None and not beside:
        raise InputError("Say where the model goes: --out FOLDER, or --beside for ONNX.")
    if model is not None and str(model).startswith("cascade:"):
        raise InputError(
            "A cascade is exported as its two models; export REGNET's folder and SpeechSplit's."
        )
    from vsg_tf.extras import start_tensorflow

    start_tensorflow()
    from vsg_tf.export.saved_model import export_saved_model, folder_size
    from vsg_tf.inference.synthesizer import default_model_dir
    from vsg_tf.model_files import load_fitting_vocoder, load_model_dir
    from vsg_tf.model_folder import CARD_FILE, SEEING_KINDS, find_model, has_vocoder

    folder = find_model(default_model_dir() if model is None else model)
    if beside:
        from vsg_tf.export.onnx_folder import add_onnx

        parity = add_onnx(folder)
        size = sum(path.stat().st_size for path in folder.glob("*.onnx")) / 1e6
        print(f"{folder} ({size:.1f} MB more, {_said(parity)})")
        return
    config, generator = load_model_dir(folder, (*SEEING_KINDS, "speechsplit"))
    vocoder = load_fitting_vocoder(folder, config) if has_vocoder(folder) else None

    card = folder / CARD_FILE
    text = card.read_text(encoding="utf-8") if card.is_file() else ""
    if form is Format.ONNX:
        from vsg_tf.export.onnx_folder import export_onnx

        parity = export_onnx(config, generator, vocoder, text, out, quantize, overwrite)
        size = folder_size(out) / 1e6
        print(f"{out} ({size:.1f} MB, {_said(parity)})")
        return
    attribution = [path for path in [folder / "ATTRIBUTION.csv"] if path.is_file()]
    written = export_saved_model(config, generator, vocoder, text, out, attribution)
    print(f"{written} ({folder_size(written) / 1e6:.1f} MB)")


def _said(parity) -> str:
    return f"largest difference of a mel {parity.mel_largest:.1e}"


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
