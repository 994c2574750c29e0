"""What a training has learnt at each of its checkpoints."""

from pathlib import Path
from typing import Annotated

import typer


def curve(
    run: Annotated[Path, typer.Option(help="Folder of a run; its checkpoints are scored.")],
    data: Annotated[Path, typer.Option(help="Prepared data with a valid split.")],
    steps: Annotated[
        list[int] | None,
        typer.Option("--step", min=1, help="Only this checkpoint; repeatable. Default: all kept."),
    ] = None,
    clips: Annotated[int, typer.Option(min=2, help="Validation clips.")] = 64,
    candidates: Annotated[
        int, typer.Option(min=2, help="References among which the right one is looked for.")
    ] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Of the candidates.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Markdown file to write, too; it is replaced.")
    ] = None,
) -> None:
    """Timbre, timing and mel error of a run at each checkpoint, on held-out sources.

    Keep checkpoints for it with `--set training.keep_checkpoints=100`. Each clip hears another
    source's reference and silence as background; sounds are made by Griffin-Lim.
    """
    from vsg_tf.atomic import atomic_path
    from vsg_tf.extras import require, start_tensorflow

    require("resemblyzer", extra="eval")
    start_tensorflow()
    from vsg_tf.evaluation.curve import (
        CurveRow,
        CurveScorer,
        checkpoint_generators,
        curve_markdown,
    )
    from vsg_tf.evaluation.curve_material import read_curve_material

    scorer, rows = None, []
    for step, config, generator in checkpoint_generators(run, steps or ()):
        if scorer is None:
            material = read_curve_material(data, config, clips, candidates, seed)
            scorer = CurveScorer(material, config)
        rows.append(CurveRow(step, scorer.score(config, generator)))
        typer.echo(curve_markdown(rows[-1:], intervals=False).splitlines()[-1], err=True)
    chosen = scorer.material
    text = (
        f"{config.name}, seed {config.training.seed}; {len(chosen.mel)} clips of {chosen.sources} "
        f"held-out sources; the right reference is one of {chosen.candidates.shape[1]}. With its "
        f"own background an ideal mixture follows its reference in {scorer.ceiling():.2f}.\n\n"
        f"{curve_markdown(rows)}\n"
    )
    if out is not None:
        with atomic_path(out, overwrite=True) as temporary:
            temporary.write_text(text, encoding="utf-8")
    typer.echo(text)
