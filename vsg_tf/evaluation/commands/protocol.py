"""The authors' choice of test pairs."""

from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.errors import InputError


def protocol(
    data: Annotated[Path, typer.Option(help="Folder of videos with sound, by category.")],
    out: Annotated[Path, typer.Option(help="CSV file for the pairs, to be given as --data.")],
    names: Annotated[
        Path | None,
        typer.Option("--list", help="List file, category/id a line: choose from these alone."),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", help="Of these categories alone, such as dog. Repeatable."),
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option(help="Features in VAS's layout, given to models that read them."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of every choice.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace a file that exists.")] = False,
) -> None:
    """Choose test pairs as the authors did, and write them to a file.

    A category: 5 references x 3 videos (timbre), 10 original pairs (reconstruction), 10 shuffled
    pairs (realism, alignment), the references at 0.5, 1 and 2 times their length.
    """
    from collections import Counter

    from vsg_tf.evaluation.material import clips_by_category
    from vsg_tf.evaluation.pair_lists import write_pairs
    from vsg_tf.evaluation.protocol import listed, select_pairs, with_features

    if not data.is_dir():
        raise InputError(f"There is no folder {data}.")
    clips = clips_by_category(data)
    if names is not None:
        clips = listed(clips, data, names)
    if category:
        clips = {name: some for name, some in clips.items() if name in category}
    items = select_pairs(clips, seed)
    if features is not None:
        items = with_features(items, features)
    write_pairs(out, items, overwrite)
    counts = Counter(item.kind for item in items)
    typer.echo(f"{out}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
