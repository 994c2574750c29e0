"""What is in a prepared synthetic corpus: clips, sources, scenes, times, levels.

    python benchmarks/corpus_statistics.py DATA

Read from the truth that every clip carries; nothing is made or trained.
"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from vsg_tf.command import run
from vsg_tf.errors import InputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
QUANTILES = (5, 25, 50, 75, 95)


def _truths(folder: Path, manifest, split: str) -> list[dict]:
    import tensorflow as tf

    from vsg_tf.data.records import deserialize

    truths = []
    for shard in manifest.of_split(split):
        for record in tf.data.TFRecordDataset(str(folder / shard.name)):
            truths.append(deserialize(record.numpy()).truth)
    if not truths or "audio_onsets_s" not in truths[0]:
        raise InputError(f"{folder} is not a synthetic corpus with a split {split!r}.")
    return truths


def _spread(values: list[float], digits: int = 2) -> str:
    quantiles = np.percentile(values, QUANTILES)
    return " / ".join(f"{value:.{digits}f}" for value in quantiles)


def _shares(values: list) -> str:
    counts = Counter(values)
    whole = sum(counts.values())
    return ", ".join(f"{name} {count / whole:.0%}" for name, count in sorted(counts.items()))


def _rows(truths: list[dict], seconds: float) -> dict[str, str]:
    onsets = [np.array(truth["audio_onsets_s"]) for truth in truths]
    gaps = np.concatenate([np.diff(times) for times in onsets])
    strengths = np.concatenate([truth["strengths"] for truth in truths])
    noisy = [truth["snr_db"] for truth in truths if truth["background"] is not None]
    return {
        "clips": f"{len(truths)}",
        "hours": f"{len(truths) * seconds / 3600:.2f}",
        "events": f"{sum(map(len, onsets))}",
        "sources that occur": f"{len({truth['source'] for truth in truths})}",
        "scenes": _shares([truth["family"] for truth in truths]),
        "sounds": _shares([truth["sound"] for truth in truths]),
        "loops": f"{np.mean([truth['loop_s'] is not None for truth in truths]):.0%}",
        "own background": f"{np.mean([truth['background'] is not None for truth in truths]):.0%}",
        "reference with background": (
            f"{np.mean([truth['alternate_background'] is not None for truth in truths]):.0%}"
        ),
        "events a second": _spread([len(times) / seconds for times in onsets]),
        "gap between events, s": _spread(gaps),
        "strength": _spread(strengths),
        "sound after picture, s": _spread([truth["lag_s"] for truth in truths], 3),
        "pitch and speed, semitones": _spread([truth["semitones"] for truth in truths], 1),
        "own background, dB SNR": _spread(noisy, 1) if noisy else "-",
    }


@app.command()
def main(
    data: Annotated[Path, typer.Argument(help="Folder written by vsg prepare synthetic.")],
) -> None:
    """Print a Markdown table of both splits; distributions are 5/25/50/75/95 % quantiles."""
    from vsg_tf.data.manifest import read_manifest

    manifest = read_manifest(data)
    seconds = manifest.config["data"]["clip_seconds"]
    tables = {split: _rows(_truths(data, manifest, split), seconds) for split in ("train", "valid")}
    print("| | train | valid |\n|---|---|---|")
    for name, value in tables["train"].items():
        print(f"| {name} | {value} | {tables['valid'][name]} |")


if __name__ == "__main__":
    run(app)
