"""Listening tests: the page for raters, and what their answers say."""

from pathlib import Path
from typing import Annotated

import typer


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
