"""`vsg evaluate`: how well systems do on pairs of clip and reference, and how sure that is."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from vsg_tf.errors import InputError
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
OverwriteOption = Annotated[bool, typer.Option(help="Replace an output folder that exists.")]


@app.callback(invoke_without_command=True, epilog=_explanation())
def evaluate(
    context: typer.Context,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="`default` (what ships), a model folder, or a system: sampler, reference, other, "
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
    overwrite: OverwriteOption = False,
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


@app.command()
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


@app.command()
def protocol(
    data: Annotated[Path, typer.Option(help="Folder of videos with sound, by category.")],
    out: Annotated[Path, typer.Option(help="CSV file for the pairs, to be given as --data.")],
    seed: Annotated[int, typer.Option(min=0, help="Of every choice.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace a file that exists.")] = False,
) -> None:
    """Choose test pairs as the authors did, and write them to a file.

    A category: 5 references x 3 videos (timbre), 10 original pairs (reconstruction), 10 shuffled
    pairs (realism, alignment), the references at 0.5, 1 and 2 times their length.
    """
    from collections import Counter

    from vsg_tf.evaluation.material import clips_by_category, write_pairs
    from vsg_tf.evaluation.protocol import select_pairs

    if not data.is_dir():
        raise InputError(f"There is no folder {data}.")
    items = select_pairs(clips_by_category(data), seed)
    write_pairs(out, items, overwrite)
    counts = Counter(item.kind for item in items)
    typer.echo(f"{out}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))


@app.command("mos-kit")
def mos_kit(
    results: Annotated[Path, typer.Option(help="Folder that vsg evaluate wrote.")],
    data: Annotated[Path, typer.Option(help="What it was evaluated on.")],
    out: Annotated[Path, typer.Option(help="HTML page to write; the key goes beside it.")],
    clips: Annotated[int, typer.Option(min=1, help="Clips to be heard, from each system.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of the choice and the order.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace files that exist.")] = False,
) -> None:
    """Make a listening test: one page to send to raters, and a key to keep.

    The page holds all clips, asks for realism, alignment and timbre (1 to 5) in random order
    without naming systems, and gives a CSV of answers for mos-score.
    """
    from vsg_tf.atomic import check_outputs
    from vsg_tf.evaluation.listening import write_kit
    from vsg_tf.evaluation.material import read_material
    from vsg_tf.evaluation.results import read_results

    key = out.with_suffix(".key.json")
    check_outputs([out, key], overwrite=overwrite)
    run = read_results(results)
    settings = run.settings
    items = read_material(
        data,
        pairing=settings.get("pairing", "shuffled"),
        seed=settings.get("seed", 0),
        track_is_truth=settings.get("track_is_truth", False),
    )
    count = write_kit(out, key, results, run, items, clips=clips, seed=seed, overwrite=overwrite)
    typer.echo(f"{out}: {count} trials, {out.stat().st_size / 2**20:.1f} MB; keep {key} to score.")


@app.command("mos-score")
def mos_score(
    key: Annotated[Path, typer.Argument(help="The .key.json that mos-kit wrote.")],
    answers: Annotated[list[Path], typer.Argument(help="CSV files of the raters.")],
) -> None:
    """Mean opinion scores by category and system, with 95 % intervals.

    Intervals are Student's t over ratings, as is usual; ratings of one person are not independent,
    so that few raters give intervals that are too narrow.
    """
    from vsg_tf.evaluation.opinions import opinion_table, read_answers, read_key

    ratings = read_answers(answers, read_key(key))
    raters = len({rating.rater for rating in ratings})
    typer.echo(f"{raters} raters, {len(ratings)} ratings, 95 % t intervals over ratings\n")
    typer.echo(opinion_table(ratings))


@app.command()
def ablations(
    data: Annotated[Path, typer.Option(help="Prepared data with a valid split.")],
    out: Annotated[Path, typer.Option(help="Folder for the table and the picture.")],
    model: Annotated[
        Path | None,
        typer.Option(help="Model folder whose encoders are taken away; default: the run `full`."),
    ] = None,
    configs: Annotated[
        Path | None,
        typer.Option(help="Folder of configurations, such as configs/ablations, to be trained."),
    ] = None,
    runs: Annotated[
        Path | None, typer.Option(help="Where their runs are kept; those that are there stay.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="For their training: section.key=value.")
    ] = None,
    clips: Annotated[int, typer.Option(min=2, help="Validation clips to rebuild.")] = 64,
    seed: Annotated[int, typer.Option(min=0, help="Of the noise.")] = 0,
    overwrite: OverwriteOption = False,
) -> None:
    """What each encoder and each discriminator is worth, as in the paper's ablations.

    Encoders are taken away at inference: their input becomes zeros or noise. Discriminators are
    taken away by training anew: every configuration of --configs is trained whose run is missing.
    """
    if model is None and configs is None:
        raise InputError("Name a model folder with --model, or configurations with --configs.")
    if (configs is None) != (runs is None):
        raise InputError("--configs and --runs need each other.")
    from vsg_tf.atomic import atomic_folder, check_output_folder
    from vsg_tf.extras import require, start_tensorflow

    check_output_folder(out, overwrite)
    require("matplotlib", extra="eval")
    start_tensorflow()
    from vsg_tf.evaluation.ablation_report import ablation_markdown, plot_cases
    from vsg_tf.evaluation.ablations import ablate_encoders, rebuild_whole
    from vsg_tf.evaluation.training_runs import train_missing

    trained = {} if configs is None else train_missing(configs, runs, data, settings or [])
    main = model or trained.pop("full", None)
    if main is None:
        raise InputError(f"{configs} has no full.yaml; name a model folder with --model.")
    table = ablate_encoders(main, data, clips=clips, seed=seed)
    for name, folder in trained.items():
        rebuild_whole(table, name, folder, data, clips=clips)
    text = ablation_markdown(table)
    with atomic_folder(out, overwrite) as folder:
        picture = plot_cases(table, folder / "mels.png")
        page = f"# Ablations\n\n{text}\n\n![mels]({picture})\n"
        (folder / "ablations.md").write_text(page, encoding="utf-8")
    typer.echo(text)


@app.command()
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


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
