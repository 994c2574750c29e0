"""The numbers of an evaluation, as they are kept in results.json."""

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vsg_tf import __version__
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import KINDS
from vsg_tf.evaluation.measures import MEASURES
from vsg_tf.metrics.statistics import Estimate, bootstrap_mean

FILE = "results.json"
SOUNDS = "sounds"  # folder of what the systems made
FORMAT = 1
Scores = dict[str, float]


def _plain(value: float) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), 6)


def sound_name(identity: str) -> str:
    """File name of an item's sound."""
    return identity.replace("/", "__") + ".wav"


@dataclass
class Results:
    """Scores of every system on every item.

    Args:
        items: by identity: video, reference, truth, category, kind (texts).
        scores: by system, then identity, then measure; NaN where a measure does not apply.
        failures: what could not be evaluated: system, item, reason.
        settings: what the run was told.
    """

    items: dict[str, dict[str, Any]]
    scores: dict[str, dict[str, Scores]]
    failures: list[dict[str, str]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def systems(self) -> list[str]:
        """Names, in order."""
        return list(self.scores)

    def kinds(self) -> list[str]:
        """Kinds of items that are there, in their usual order."""
        there = {item["kind"] for item in self.items.values()}
        return [kind for kind in KINDS if kind in there]

    def categories(self) -> list[str]:
        """Categories of items, sorted; empty where none is named."""
        return sorted({item["category"] for item in self.items.values()} - {""})

    def values(
        self, system: str, measure: str, kind: str | None = None, category: str | None = None
    ) -> np.ndarray:
        """Scores `[items]` of one measure, without those to which it does not apply."""
        found = [
            scores.get(measure, math.nan)
            for identity, scores in self.scores[system].items()
            if kind in (None, self.items[identity]["kind"])
            and category in (None, self.items[identity]["category"])
        ]
        values = np.array(found, np.float64)
        return values[~np.isnan(values)]

    def estimate(
        self, system: str, measure: str, kind: str | None = None, category: str | None = None
    ) -> Estimate:
        """Mean with a 95 % bootstrap interval over items."""
        return bootstrap_mean(self.values(system, measure, kind, category))

    def measured(self, kind: str | None = None) -> list[str]:
        """Measures that at least one system has a score of, in their usual order."""
        return [
            key
            for key in MEASURES
            if any(len(self.values(system, key, kind)) for system in self.scores)
        ]

    def to_json(self) -> dict[str, Any]:
        """All of it, and the means, as plain values; NaN become null."""
        summary = {
            kind: {
                system: {
                    key: dict(
                        zip(
                            ("mean", "low", "high", "count"),
                            map(_plain, self.estimate(system, key, kind)),
                            strict=True,
                        )
                    )
                    for key in self.measured(kind)
                }
                for system in self.scores
            }
            for kind in self.kinds()
        }
        scores = {
            system: {
                identity: {key: _plain(value) for key, value in row.items()}
                for identity, row in rows.items()
            }
            for system, rows in self.scores.items()
        }
        return {
            "format": FORMAT,
            "version": __version__,
            "settings": self.settings,
            "summary": summary,
            "items": self.items,
            "scores": scores,
            "failures": self.failures,
        }


def write_results(folder: Path, results: Results) -> None:
    """Write `results.json` into a folder."""
    text = json.dumps(results.to_json(), indent=1, allow_nan=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def read_results(path: Path) -> Results:
    """Read `results.json`, or the folder that holds it.

    Raises:
        InputError: it is missing, damaged or of another format.
    """
    path = path / FILE if path.is_dir() else path
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"There is no {path}; name a folder that vsg evaluate wrote.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"Cannot read {path}; evaluate again.") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise InputError(f"{path} is not of this version's vsg evaluate; evaluate again.")
    try:
        scores = {
            system: {
                identity: {
                    key: math.nan if value is None else float(value) for key, value in row.items()
                }
                for identity, row in rows.items()
            }
            for system, rows in values["scores"].items()
        }
        return Results(values["items"], scores, values["failures"], values["settings"])
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise InputError(f"{path} is damaged; evaluate again.") from error
