"""What each part of a model is worth."""

from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.errors import InputError


def ablations(
    data: Annotated[Path, typer.Option(help="Prepared data with a valid split.")],
    out: Annotated[Path, typer.Option(help="Folder for the tables and the pictures.")],
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
    steps: Annotated[
        int | None,
        typer.Option(
            min=1, help="Train each in so many steps, its phases at the same shares of them."
        ),
    ] = None,
    each: Annotated[
        bool,
        typer.Option("--each", help="Take the encoders of every run away, a table each."),
    ] = False,
    clips: Annotated[int, typer.Option(min=2, help="Validation clips to rebuild.")] = 64,
    seed: Annotated[int, typer.Option(min=0, help="Of the noise.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace an output folder that exists.")] = False,
) -> None:
    """What each encoder and each discriminator is worth, as in the paper's ablations.

    Encoders are taken away at inference: their input becomes zeros or noise. Discriminators are
    taken away by training anew: every configuration of --configs is trained whose run is missing.
    """
    if model is None and configs is None:
        raise InputError("Name a model folder with --model, or configurations with --configs.")
    if (configs is None) != (runs is None):
        raise InputError("--configs and --runs need each other.")
    if each and (configs is None or model is not None):
        raise InputError("--each is for the runs of --configs, without --model.")
    from vsg_tf.atomic import atomic_folder, check_output_folder
    from vsg_tf.extras import require, start_tensorflow

    check_output_folder(out, overwrite)
    require("matplotlib", extra="eval")
    start_tensorflow()
    from vsg_tf.evaluation.ablation_report import ablation_markdown, plot_cases
    from vsg_tf.evaluation.ablations import ablate_each, ablate_one
    from vsg_tf.evaluation.paper_table import write_ablations
    from vsg_tf.evaluation.training_runs import train_missing

    options = {"overrides": settings or [], "steps": steps}
    trained = {} if configs is None else train_missing(configs, runs, data, **options)
    if each:
        tables = ablate_each(trained, data, clips=clips, seed=seed)
    else:
        main = model or trained.pop("full", None)
        if main is None:
            raise InputError(f"{configs} has no full.yaml; name a model folder with --model.")
        tables = {"": ablate_one(main, trained, data, clips=clips, seed=seed)}
    page = ["# Ablations"]
    with atomic_folder(out, overwrite) as folder:
        for name, table in tables.items():
            picture = plot_cases(table, folder / f"mels{name and '_'}{name}.png")
            page += [f"## {name}"] * bool(name)
            page += [ablation_markdown(table), f"![mels]({picture})"]
        if not each:
            write_ablations(folder, tables[""].scores)
        (folder / "ablations.md").write_text("\n\n".join(page) + "\n", encoding="utf-8")
    typer.echo("\n\n".join(part for part in page[1:] if not part.startswith("![")))
