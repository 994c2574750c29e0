"""`vsg evaluate`: how well systems do on pairs of clip and reference, and how sure that is."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from vsg_tf.errors import InputError
from vsg_tf.evaluation.commands.ablations import ablations
from vsg_tf.evaluation.commands.comparing import compare
from vsg_tf.evaluation.commands.curve import curve
from vsg_tf.evaluation.commands.disentanglement import disentanglement
from vsg_tf.evaluation.commands.listening import mos_kit, mos_score
from vsg_tf.evaluation.commands.paper import paper
from vsg_tf.evaluation.commands.protocol import protocol
from vsg_tf.evaluation.measures import MEASURES, heading


def _explanation() -> str:
    lines = ["What the numbers are (docs/metrics.md says more):"]
    lines += [f"{m.group}, {heading(m)}: {m.text}" for m in MEASURES.values()]
    return "\n\n".join(lines)


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="A CSV list of pairs; a folder with pairs.csv; with videos/, references/ and, if "
        "wanted, truth/, matched by name; or any folder of videos with sound.",
    ),
]


@app.callback(invoke_without_command=True, epilog=_explanation())
def evaluate(
    context: typer.Context,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="`default` (what ships), a model folder (ONNX, too), "
            "cascade:REGNET_FOLDER+SPEECHSPLIT_FOLDER, or a system: sampler, reference, other, "
            "silence, mean. NAME=FOLDER lists it as NAME; FOLDER@vocoder and FOLDER@griffin-lim "
            "choose the renderer. Repeat to see several side by side."
        ),
    ] = None,
    data: DataOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    pairing: Annotated[
        Literal["shuffled", "own"],
        typer.Option(
            help="For a folder of videos: the reference is another clip's sound, or the clip's own."
        ),
    ] = "shuffled",
    track_is_truth: Annotated[
        bool,
        typer.Option("--track-is-truth", help="The video's own track is the true sound."),
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of the systems and of the pairing.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace an output folder that exists.")] = False,
) -> None:
    """Render and score systems on pairs of clip and reference.

    Writes results.json, results.md, plots/ and sounds/. One pair that cannot be evaluated does not
    stop the others; the exit code is then 2.
    """
    if context.invoked_subcommand is not None:
        return
    for name, value in (("--model", model), ("--data", data), ("--out", out)):
        if not value:
            raise InputError(f"{name} is missing; see vsg evaluate --help.")
    _evaluate(model, data, out, pairing, track_is_truth, seed, overwrite)


def _evaluate(model, data, out, pairing, track_is_truth, seed, overwrite) -> None:
    from vsg_tf.atomic import atomic_folder, check_output_folder
    from vsg_tf.evaluation.material import read_material
    from vsg_tf.evaluation.report import main_table
    from vsg_tf.extras import require, start_tensorflow
    from vsg_tf.metrics.speaker import load_encoder

    check_output_folder(out, overwrite)
    items = read_material(data, pairing=pairing, seed=seed, track_is_truth=track_is_truth)
    for module in ("mir_eval", "matplotlib"):
        require(module, extra="eval")
    load_encoder()
    start_tensorflow()
    from vsg_tf.evaluation.running import evaluate_systems
    from vsg_tf.evaluation.saving import save_run
    from vsg_tf.evaluation.systems import load_systems

    systems = load_systems(model)
    with atomic_folder(out, overwrite) as folder:
        results, curves = evaluate_systems(
            systems, items, folder, seed=seed, report=lambda text: typer.echo(text, err=True)
        )
        results.settings = {
            "systems": model,
            "pairing": pairing,
            "track_is_truth": track_is_truth,
            "seed": seed,
        }
        save_run(folder, results, curves)
    for kind in results.kinds():
        typer.echo(main_table(results, kind) + "\n")
    typer.echo(f"{out}/results.md has every number with its interval.")
    if results.failures:
        raise InputError(
            f"{len(results.failures)} of {len(items) * len(systems)} sounds could not be "
            "evaluated; results.md lists them, the others are written."
        )


app.command()(compare)
app.command()(protocol)
app.command()(paper)
app.command("mos-kit")(mos_kit)
app.command("mos-score")(mos_score)
app.command()(ablations)
app.command()(disentanglement)
app.command()(curve)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
