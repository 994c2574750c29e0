"""What the paper reports (arXiv 2211.10666, section 4), laid out as there, beside its numbers."""

import json
from pathlib import Path

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.evaluation.report import number, table
from vsg_tf.evaluation.results import Results
from vsg_tf.metrics.statistics import bootstrap_mean

COSINE, ABLATIONS_FILE = "speaker_speech", "ablations.json"
# [P] Timbre cosine by category: the cascade baseline, VarietySound.
PAPER_COSINES = {
    "baby": (0.86, 0.88),
    "cough": (0.86, 0.93),
    "dog": (0.77, 0.96),
    "drum": (0.74, 0.84),
    "fireworks": (0.88, 0.89),
    "gun": (0.83, 0.88),
    "hammer": (0.80, 0.89),
    "sneeze": (0.88, 0.98),
}
PAPER_AVERAGE = (0.84, 0.90)  # [P] as stated
# [P] Mean MCD over the categories; ours is named by the row of `vsg evaluate ablations`.
PAPER_MCD = {
    "full": ("full", 3.60),
    "without temporal encoder": ("without temporal, zeros", 4.33),
    "without timbre": ("without timbre, zeros", 5.25),
    "without background encoder": ("without background, zeros", 4.14),
    "without mel discriminator": ("no_mel_discriminator", 4.25),
    "without temporal discriminator": ("no_alignment_discriminator", 4.43),
}


def write_ablations(folder: Path, scores: dict[str, dict[str, list[float]]]) -> None:
    """Write the scores of ablations, a value a clip by row and measure, into a folder."""
    text = json.dumps(scores, indent=1)
    (folder / ABLATIONS_FILE).write_text(text + "\n", encoding="utf-8")


def read_ablations(folder: Path) -> dict[str, dict[str, list[float]]]:
    """What `write_ablations` wrote.

    Raises:
        InputError: it is missing or damaged.
    """
    path = folder / ABLATIONS_FILE
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))
        return {str(row): {"mcd": [float(x) for x in scores[row]["mcd"]]} for row in scores}
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} holds no {ABLATIONS_FILE}; run vsg evaluate ablations."
        ) from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path} is damaged; run vsg evaluate ablations again.") from error


def paper_tables(results: Results, ablations: dict[str, dict[str, list[float]]] | None) -> str:
    """Markdown: timbre by category, MCD of ablations, reference lengths.

    Args:
        results: of `vsg evaluate` on the pairs of `vsg evaluate protocol`.
        ablations: from `read_ablations`; None: that table is left out.

    Raises:
        InputError: the results are of other pairs.
    """
    if "timbre" not in results.kinds():
        raise InputError(
            "These results hold no pairs for timbre; evaluate on the list that vsg evaluate "
            "protocol wrote."
        )
    parts = ["# The paper's tables", _cosines(results)]
    if ablations is not None:
        parts.append(_distortions(ablations))
    parts += [_lengths(results), "Opinions: `vsg evaluate mos-kit`, then `mos-score`."]
    return "\n\n".join(parts) + "\n"


def _cosines(results: Results) -> str:
    rows = []
    for category in results.categories():
        paper = PAPER_COSINES.get(category, (float("nan"),) * 2)
        own = (results.estimate(s, COSINE, "timbre", category).mean for s in results.systems)
        rows.append([category, *map(number, paper), *map(number, own)])
    # As the paper: the mean of the categories' means.
    own = [
        np.mean([results.estimate(s, COSINE, "timbre", c).mean for c in results.categories()])
        for s in results.systems
    ]
    rows.append(["average", *map(number, PAPER_AVERAGE), *map(number, own)])
    columns = ["category", "paper: cascade", "paper: VarietySound", *results.systems]
    return "## Timbre cosine similarity, by category\n\n" + table(columns, rows)


def _distortions(ablations: dict[str, dict[str, list[float]]]) -> str:
    rows = []
    for name, (row, paper) in PAPER_MCD.items():
        values = ablations.get(row, {}).get("mcd", [])
        own = bootstrap_mean(values).mean if values else float("nan")
        rows.append([name, number(paper), number(own)])
    clips = max((len(scores["mcd"]) for scores in ablations.values()), default=0)
    return f"## MCD of ablations, {clips} clips here\n\n" + table(["", "paper", "here"], rows)


def _lengths(results: Results) -> str:
    lengths = sorted(
        {i["reference_length"] for i in results.items.values() if i["kind"] == "length"}
    )
    rows = []
    for system in results.systems:
        cells = []
        for length in lengths:
            values = [
                scores.get(COSINE, float("nan"))
                for identity, scores in results.scores[system].items()
                if results.items[identity]["kind"] == "length"
                and results.items[identity]["reference_length"] == length
            ]
            cells.append(number(float(np.nanmean(values)) if values else float("nan")))
        rows.append([system, *cells])
    columns = ["system", *(f"{length:g} x" for length in lengths)]
    return "## Timbre cosine similarity, by the reference's length\n\n" + table(columns, rows)
