"""`vsg prepare`: recordings, videos or VAS into shards that training reads."""

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from vsg_tf.data.manifest import Manifest
    from vsg_tf.data.shards import Workers

app = typer.Typer(
    help="Prepare data for training: shards and a manifest in one folder.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", help="Configuration (YAML) the data is prepared for.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change a setting: section.key=value. Repeatable."),
]
OutOption = Annotated[
    Path,
    typer.Option("--out", "-o", help="Folder for the shards; an interrupted run goes on there."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes. Default: one a CPU core."),
]
RunnerOption = Annotated[
    Literal["processes", "beam"],
    typer.Option(help="Who makes the shards: processes of this machine, or Apache Beam."),
]
BeamOption = Annotated[
    list[str] | None,
    typer.Option(
        "--beam-option",
        metavar="KEY=VALUE",
        help="A pipeline option of Beam, such as runner=FlinkRunner; its default runner is the "
        "local one with --workers processes. Repeatable.",
    ),
]
PartOption = Annotated[
    str | None,
    typer.Option(
        "--part",
        metavar="INDEX/COUNT",
        help="Make only these shards, for jobs on many machines; the same command without --part "
        "makes what is missing and finishes the folder.",
    ),
]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace data of other settings in the folder.")
]
ValidMatchOption = Annotated[
    str | None,
    typer.Option(
        "--valid-match",
        metavar="REGEX",
        help="Files whose relative path it matches, and their families, are for validation.",
    ),
]
ValidFractionOption = Annotated[
    float,
    typer.Option(
        "--valid-fraction",
        min=0.0,
        max=1.0,
        help="Share of the other families for validation, by a hash of their name.",
    ),
]
ExcludeOption = Annotated[
    str | None,
    typer.Option("--exclude", metavar="REGEX", help="Leave out recordings that it matches."),
]

_SHOWN_FAILURES = 5


def _workers(workers: int | None) -> int:
    return workers or os.cpu_count() or 1


def _crew(
    workers: int | None, runner: str, options: list[str] | None, part: str | None, overwrite: bool
) -> "Workers":
    from vsg_tf.data.beam import BeamRunner
    from vsg_tf.data.parts import parse_part
    from vsg_tf.errors import InputError

    if part is not None and (overwrite or runner == "beam"):
        raise InputError("--part goes with neither --overwrite nor --runner beam; leave one out.")
    if options and runner != "beam":
        raise InputError("--beam-option needs --runner beam.")
    if part is not None:
        return parse_part(part, _workers(workers))
    return (
        BeamRunner(tuple(options or ()), _workers(workers))
        if runner == "beam"
        else _workers(workers)
    )


def _report(manifest: "Manifest", out: Path) -> None:
    counts = Counter()
    for shard in manifest.shards:
        counts[shard.split] += shard.count
    typer.echo(f"{out}: " + ", ".join(f"{n} {split}" for split, n in counts.items()) + " examples")
    failures = [item for items in manifest.failures.values() for item in items]
    failures += [
        {"item": name, "reason": reason}
        for name, reason in manifest.notes.get("unreadable_recordings", {}).items()
    ]
    if failures:
        typer.echo(f"{len(failures)} left out (all in manifest.json):", err=True)
    for failure in failures[:_SHOWN_FAILURES]:
        typer.echo(f"  {failure['item']}: {failure['reason']}", err=True)
    for split, missing in manifest.notes.get("missing", {}).items():
        if missing["count"]:
            typer.echo(f"{missing['count']} clips of the {split} list are not there.", err=True)


@app.command()
def vas(
    root: Annotated[Path, typer.Argument(help="VAS folder with features/ or videos/.")],
    config: ConfigOption,
    out: OutOption,
    train_list: Annotated[Path, typer.Option(help="List file, category/id a line.")],
    valid_list: Annotated[Path, typer.Option(help="List file, category/id a line.")],
    from_videos: Annotated[
        bool,
        typer.Option(
            "--from-videos", help="Compute features and mels from videos/, not those published."
        ),
    ] = False,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", help="Of these categories alone, such as dog. Repeatable."),
    ] = None,
    settings: SetOption = None,
    workers: WorkersOption = None,
    runner: RunnerOption = "processes",
    beam_option: BeamOption = None,
    part: PartOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """VAS in REGNET's layout; listed clips that are not there are counted and left out."""
    from vsg_tf.config.loading import load_config
    from vsg_tf.data.vas import prepare_vas

    manifest = prepare_vas(
        load_config(config, settings or ()),
        root,
        {"train": train_list, "valid": valid_list},
        out,
        from_videos=from_videos,
        categories=category or (),
        workers=_crew(workers, runner, beam_option, part, overwrite),
        overwrite=overwrite,
    )
    _report(manifest, out)


@app.command()
def features(
    root: Annotated[Path, typer.Argument(help="Folder of videos; a subfolder is a category.")],
    config: ConfigOption,
    out: OutOption,
    settings: SetOption = None,
    workers: WorkersOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Compute all again.")] = False,
) -> None:
    """Feature files of videos as REGNET publishes them (.pkl, and mels), for use elsewhere."""
    from vsg_tf.config.loading import load_config
    from vsg_tf.data.feature_files import write_features

    count, failures = write_features(
        load_config(config, settings or ()),
        root,
        out,
        workers=_workers(workers),
        overwrite=overwrite,
    )
    typer.echo(f"{out}: features of {count} videos")
    for name, reason in failures.items():
        typer.echo(f"  left out: {name}: {reason}", err=True)


@app.command()
def videos(
    root: Annotated[Path, typer.Argument(help="Folder of videos with sound, in any subfolders.")],
    config: ConfigOption,
    out: OutOption,
    valid_match: ValidMatchOption = None,
    valid_fraction: ValidFractionOption = 0.1,
    settings: SetOption = None,
    workers: WorkersOption = None,
    runner: RunnerOption = "processes",
    beam_option: BeamOption = None,
    part: PartOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """A folder of videos: cut to data.clip_seconds, labelled by the onsets in their sound."""
    from vsg_tf.config.loading import load_config
    from vsg_tf.data.video_folder import prepare_videos

    manifest = prepare_videos(
        load_config(config, settings or ()),
        root,
        out,
        valid_match=valid_match,
        valid_fraction=valid_fraction,
        workers=_crew(workers, runner, beam_option, part, overwrite),
        overwrite=overwrite,
    )
    _report(manifest, out)


@app.command()
def synthetic(
    config: ConfigOption,
    out: OutOption,
    events: Annotated[
        list[Path] | None,
        typer.Option("--events", help="Folder of recordings to cut events from. Repeatable."),
    ] = None,
    background: Annotated[
        list[Path] | None,
        typer.Option("--background", help="Folder of steady recordings. Repeatable."),
    ] = None,
    procedural: Annotated[
        bool, typer.Option("--procedural", help="Render all timbres; needs no recordings.")
    ] = False,
    count: Annotated[int, typer.Option(min=1, help="Training clips.")] = 3000,
    valid_count: Annotated[int, typer.Option(min=0, help="Validation clips.")] = 200,
    valid_match: ValidMatchOption = None,
    valid_fraction: ValidFractionOption = 0.1,
    exclude: ExcludeOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same corpus.")] = 0,
    clips_out: Annotated[
        Path | None,
        typer.Option(help="Also write the first clips there, as mp4, reference wav and truth."),
    ] = None,
    clips: Annotated[int, typer.Option(min=1, help="How many clips --clips-out writes.")] = 16,
    settings: SetOption = None,
    workers: WorkersOption = None,
    runner: RunnerOption = "processes",
    beam_option: BeamOption = None,
    part: PartOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Drawn scenes with cut or rendered sounds, whose every event is known."""
    from vsg_tf.config.loading import load_config
    from vsg_tf.data.synthetic.corpus import SyntheticSettings, prepare_synthetic
    from vsg_tf.errors import InputError

    if bool(events) == procedural:
        raise InputError("Give either --events DIR or --procedural.")
    loaded = load_config(config, settings or ())
    wanted = SyntheticSettings(
        count=count,
        valid_count=valid_count,
        events=tuple(events or ()),
        backgrounds=tuple(background or ()),
        valid_match=valid_match,
        valid_fraction=valid_fraction,
        exclude=exclude,
        seed=seed,
    )
    manifest, builder = prepare_synthetic(
        loaded,
        wanted,
        out,
        workers=_crew(workers, runner, beam_option, part, overwrite),
        overwrite=overwrite,
    )
    if clips_out is not None:
        from vsg_tf.data.synthetic.clip_files import write_clip

        for item in wanted.items("train", min(clips, count)):
            write_clip(clips_out, builder.clip(item), loaded.audio.sample_rate)
    _report(manifest, out)


@app.command()
def audio(
    folders: Annotated[list[Path], typer.Argument(help="Folders of recordings.")],
    config: ConfigOption,
    out: OutOption,
    valid_match: ValidMatchOption = None,
    valid_fraction: ValidFractionOption = 0.1,
    exclude: ExcludeOption = None,
    settings: SetOption = None,
    workers: WorkersOption = None,
    runner: RunnerOption = "processes",
    beam_option: BeamOption = None,
    part: PartOption = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Recordings alone, cut to data.clip_seconds: what a vocoder learns from."""
    from vsg_tf.config.loading import load_config
    from vsg_tf.data.sounds import prepare_sounds

    manifest = prepare_sounds(
        load_config(config, settings or ()),
        folders,
        out,
        valid_match=valid_match,
        valid_fraction=valid_fraction,
        exclude=exclude,
        workers=_crew(workers, runner, beam_option, part, overwrite),
        overwrite=overwrite,
    )
    _report(manifest, out)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
