"""The table of docs/results.md: small models trained where they are missing, every system scored.

    python benchmarks/results.py --events RECORDINGS --background AMBIENCE --vas VIDEOS

Systems stand in benchmarks/results.yaml. Everything made on the way stays in --work, so that the
same command goes on where it was stopped; delete a run's folder to train it again, --work/on_...
are made anew each time. Without --events
the corpus has rendered sounds alone. VSG_SHARED, where set, names a folder with `esc10`, `effects`
and `vas_samples`, which then are the defaults.
"""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
import yaml

from vsg_tf.command import run
from vsg_tf.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
ROOT = Path(__file__).parents[1]
DATA_CONFIG = ROOT / "configs" / "default.yaml"
EVENT_CLASSES = (
    "dog_bark",
    "baby_cry",
    "person_sneeze",
    "rooster",
    "clock_tick",
    "fire_crackling",
)
AMBIENCES = ("rain", "sea_waves", "helicopter", "chainsaw")
RUNS = "{runs}"  # in a system's text: the folder of the runs that are trained here
VALID_MATCH = "(^|/)4-"  # the fold of ESC-10 that the shipped model has not heard
PAPER = """\
Published by the authors on VAS (mean opinion of raters, Resemblyzer cosine; 8 categories). **Not
comparable** with the tables above: other data, other video features, models of full size that were
trained on clips of the same categories; the variant of their MCD is not stated.

| | ground truth | cascade | VarietySound |
|---|---|---|---|
| MOS realism | 4.42 | 2.99 | 4.04 |
| MOS temporal alignment | 4.41 | 3.90 | 4.23 |
| MOS timbre similarity | - | 3.57 | 3.89 |
| timbre cosine | - | 0.84 | 0.90 |

| MCD | full | w/o temporal | w/o timbre | w/o background | w/o mel disc. | w/o temporal disc. |
|---|---|---|---|---|---|---|
| paper | 3.60 | 4.33 | 5.25 | 4.14 | 4.25 | 4.43 |"""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _read_systems(path: Path) -> list[dict[str, str]]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise InputError(f"Cannot read the list of systems {path}.") from error
    for entry in entries if isinstance(entries, list) else [None]:
        if not isinstance(entry, dict) or set(entry) - {"renderer", "scored"} not in (
            {"name", "system"},
            {"name", "config"},
        ):
            raise InputError(f"Each entry of {path} needs a name, and either system or config.")
    return entries


def _shared(*parts: str) -> Path | None:
    place = os.environ.get("VSG_SHARED")
    if not place:
        return None
    root = Path(place)
    path = (root / "data" if (root / "data").is_dir() else root).joinpath(*parts)
    return path if path.is_dir() else None


def _present(paths: list[Path | None]) -> list[Path]:
    return [path for path in paths if path is not None]


def _prepare(config, work: Path, events, backgrounds, count: int, clips: int, seed: int) -> Path:
    """The corpus, and its first validation clips as files; the list of those."""
    from vsg_tf.data.synthetic.clip_files import write_pair
    from vsg_tf.data.synthetic.corpus import SyntheticSettings, prepare_synthetic
    from vsg_tf.evaluation.items import Item
    from vsg_tf.evaluation.pair_lists import write_pairs

    settings = SyntheticSettings(
        count=count,
        valid_count=clips,
        events=tuple(events),
        backgrounds=tuple(backgrounds),
        valid_match=VALID_MATCH if events else None,
        seed=seed,
    )
    _, builder = prepare_synthetic(config, settings, work / "data", workers=os.cpu_count() or 1)
    listing = work / "synthetic" / "pairs.csv"
    items = []
    for item in settings.items("valid", clips):
        clip = builder.clip(item)
        paths = write_pair(listing.parent, clip, config.audio.sample_rate)
        items.append(Item(**paths, category=clip.family))
    write_pairs(listing, items, overwrite=True)
    return listing


def _load(entries, work: Path, steps: int | None) -> tuple[dict, list[str]]:
    """Systems by name, those with a configuration trained first; and which were trained."""
    from vsg_tf.config import load_config, shortened
    from vsg_tf.evaluation.systems import load_one
    from vsg_tf.evaluation.training_runs import train_one

    systems, notes = {}, []
    for entry in entries:
        name, place = entry["name"], entry.get("system")
        if place is None:
            config = shortened(load_config(ROOT / entry["config"]), steps)
            folder = work / "runs" / Path(entry["config"]).stem
            place = folder / "model"
            if not place.is_dir():
                _say(f"training {name}")
                train_one(config, work / "data", folder)
            notes.append(f"{name} ({config.training.steps} steps of {config.training.batch_size})")
        if not entry.get("scored", True):
            continue
        system = str(place).replace(RUNS, str(work / "runs"))
        systems[name] = load_one(f"{system}@{entry['renderer']}" if "renderer" in entry else system)
    return systems, notes


def _evaluate(systems, items, folder: Path, seed: int) -> str:
    """Every system on a set; a table of the main measures, with what failed."""
    from vsg_tf.atomic import atomic_folder
    from vsg_tf.evaluation.report import main_table
    from vsg_tf.evaluation.running import evaluate_systems
    from vsg_tf.evaluation.saving import save_run

    with atomic_folder(folder, overwrite=True) as temporary:
        results, curves = evaluate_systems(systems, items, temporary, seed=seed, report=_say)
        save_run(temporary, results, curves)
    parts = [main_table(results, kind, intervals=True) for kind in results.kinds()]
    for name, count in Counter(failure["system"] for failure in results.failures).items():
        parts.append(f"Left out of {name}: {count} clips; results.md in {folder.name} says why.")
    return "\n\n".join(parts)


def _ablate(work: Path, steps: int | None, clips: int) -> list[str]:
    """Paragraphs: the table of the paper's ablations, and that of a pooled background."""
    from vsg_tf.evaluation.ablation_report import ablation_markdown
    from vsg_tf.evaluation.ablations import ablate_encoders, ablate_one
    from vsg_tf.evaluation.training_runs import train_missing

    data, configs = work / "data", ROOT / "configs"
    models = train_missing(configs / "ablations", work / "runs", data, steps=steps)
    pooled = train_missing(configs / "background", work / "runs", data, steps=steps)["pooled"]
    return [
        "`configs/ablations`, the paper's structure, on the synthetic validation clips; MCD of the "
        "mels. The background is the clip's own, as in training.",
        ablation_markdown(ablate_one(models.pop("full"), models, data, clips=clips)),
        "`configs/background/pooled.yaml`: the same with one background code a clip, which cannot "
        "tell when the clip is loud.",
        ablation_markdown(ablate_encoders(pooled, data, clips=clips)),
    ]


@app.command()
def main(
    work: Annotated[Path, typer.Option(help="Folder for everything made on the way.")] = Path(
        "out/results"
    ),
    out: Annotated[Path, typer.Option(help="Page to write.")] = ROOT / "docs" / "results.md",
    systems: Annotated[Path, typer.Option(help="List of systems.")] = ROOT
    / "benchmarks"
    / "results.yaml",
    events: Annotated[
        list[Path] | None, typer.Option(help="Folder of recordings to cut events from.")
    ] = None,
    background: Annotated[list[Path] | None, typer.Option(help="Folder of ambience.")] = None,
    vas: Annotated[Path | None, typer.Option(help="Folder of real videos with sound.")] = None,
    count: Annotated[int, typer.Option(min=16, help="Training clips of 6 s.")] = 600,
    clips: Annotated[int, typer.Option(min=2, help="Validation clips.")] = 24,
    steps: Annotated[int, typer.Option(min=1, help="Training steps of every small model.")] = 400,
    scenes: Annotated[int, typer.Option(min=0, help="Of the disentanglement; 0: none.")] = 8,
    ablations: Annotated[bool, typer.Option(help="Train and print the ablation table.")] = True,
    seed: Annotated[int, typer.Option(min=0, help="Of corpus and systems.")] = 0,
) -> None:
    """Train, evaluate, and write docs/results.md."""
    entries = _read_systems(systems)
    if not events:
        events = _present([_shared("esc10", name) for name in EVENT_CLASSES])
        events += _present([_shared("effects")])
    background = background or _present([_shared("esc10", name) for name in AMBIENCES])
    vas = vas or _shared("vas_samples", "videos")

    from vsg_tf.atomic import atomic_path
    from vsg_tf.config import load_config
    from vsg_tf.evaluation.material import read_material
    from vsg_tf.extras import start_tensorflow

    config = load_config(DATA_CONFIG)
    listing = _prepare(config, work, events, background, count, clips, seed)
    start_tensorflow()
    loaded, notes = _load(entries, work, steps)
    sounds = "sounds cut from recordings" if events else "rendered sounds"
    parts = [
        "# Results",
        "Made by `make results`. ↑ more is better, ↓ less; [metrics.md](metrics.md) says what each "
        "number is. In brackets: 95 % bootstrap intervals over clips. One seed, one run: they say "
        "how clips vary, not how trainings do.",
        f"Trained here, on the same {count} synthetic clips of {config.data.clip_seconds:g} s "
        f"({sounds}): {'; '.join(notes)}. The shipped model was trained longer and on more "
        "([its card](../saved_models/default/README.md)). **These are small, short runs: they "
        "compare systems under equal means, and say nothing of what each reaches at full size.** "
        "[results_notes.md](results_notes.md) says how we read them.",
        "## Synthetic validation clips",
        f"{clips} clips of unheard sources; the reference is the same source at other times, with "
        "its own background in some.",
        _evaluate(loaded, read_material(listing), work / "on_synthetic", seed),
    ]
    if vas is not None:
        items = read_material(vas, seed=seed)
        parts += [
            "## Real clips: samples of VAS",
            f"{len(items)} clips, each with another's sound as reference; no system was trained "
            "on VAS.",
            _evaluate(loaded, items, work / "on_vas", seed),
        ]
    if ablations:
        parts += [
            "## Ablations",
            *_ablate(work, steps, clips),
        ]
    if scenes:
        from vsg_tf.evaluation.disentangling import disentanglement_markdown as as_text
        from vsg_tf.evaluation.disentangling import measure_disentanglement

        parts += ["## Disentanglement", f"{scenes} scenes; the identity is perfect."]
        for entry in entries[:2]:
            tables = measure_disentanglement(loaded[entry["name"]], scenes, seed, _say)
            parts += [f"{entry['name']}:", as_text(tables)]
    parts += ["## The paper's numbers", PAPER]
    with atomic_path(out, overwrite=True) as temporary:
        temporary.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"{out}; every number is in {work}.")


if __name__ == "__main__":
    run(app)
