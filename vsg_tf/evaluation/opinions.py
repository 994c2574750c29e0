"""Mean opinion scores from the answers of a listening test."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.evaluation.listening import FORMAT, QUESTIONS, TRUTH
from vsg_tf.evaluation.report import cell, table
from vsg_tf.metrics.statistics import t_mean

COLUMNS = ("kit", "rater", "trial", *QUESTIONS)
OPINIONS = {"1", "2", "3", "4", "5"}
ALL = "all"


class Rating(NamedTuple):
    """One rater's answers to one trial; NaN where a question was left open."""

    rater: str
    system: str
    category: str
    answers: dict[str, float]


def read_key(path: Path) -> dict:
    """The key of a listening test.

    Raises:
        InputError: it is missing, damaged or no key.
    """
    try:
        key = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"There is no key {path}; vsg evaluate mos-kit writes it.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"Cannot read the key {path}; it must be what mos-kit wrote.") from error
    trials = key.get("trials") if isinstance(key, dict) else None
    whole = isinstance(trials, dict) and all(
        isinstance(trial, dict) and {"system", "category"} <= set(trial)
        for trial in trials.values()
    )
    if not whole or key.get("format") != FORMAT or "kit" not in key:
        raise InputError(f"{path} is not the key of a listening test of this version.")
    return key


def _rating(path: Path, line: int, row: dict[str, str | None], key: dict) -> Rating:
    if None in row or any(row[column] is None for column in COLUMNS):
        raise InputError(f"{path} line {line} does not have {len(COLUMNS)} values.")
    if row["kit"] != key["kit"]:
        raise InputError(
            f"{path} line {line} answers the test {row['kit']!r}, but the key is of {key['kit']!r}."
        )
    if row["trial"] not in key["trials"]:
        raise InputError(f"{path} line {line}: the test has no trial {row['trial']!r}.")
    for question in QUESTIONS:
        if row[question].strip() not in OPINIONS | {""}:
            raise InputError(
                f"{path} line {line}: {question} must be 1 to 5 or empty, not {row[question]!r}."
            )
    trial = key["trials"][row["trial"]]
    answers = {
        question: float(row[question]) if row[question].strip() else np.nan
        for question in QUESTIONS
    }
    if trial["system"] == TRUTH:  # is not made to sound like the reference
        answers["timbre"] = np.nan
    return Rating(row["rater"], trial["system"], trial["category"], answers)


def read_answers(paths: Sequence[Path], key: dict) -> list[Rating]:
    """The answers of all raters.

    Raises:
        InputError: a file cannot be read, is of another test, holds an impossible value, or one
            rater answered a trial twice.
    """
    ratings, seen = [], {}
    for path in paths:
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.DictReader(file)
                missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
                if missing:
                    raise InputError(
                        f"{path} lacks the column {missing[0]}; its first line must be "
                        f"{','.join(COLUMNS)}."
                    )
                rows = [(reader.line_num, row) for row in reader]
        except FileNotFoundError as error:
            raise InputError(f"There is no answers file {path}.") from error
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"Cannot read {path}; it must be a CSV file.") from error
        if not rows:
            raise InputError(f"{path} holds no answers.")
        for line, row in rows:
            rating = _rating(path, line, row, key)
            place = (row["rater"], row["trial"])
            if place in seen:
                raise InputError(
                    f"{path} line {line}: {row['rater']!r} has answered trial {row['trial']} "
                    f"before, in {seen[place]}."
                )
            seen[place] = path
            ratings.append(rating)
    return ratings


def opinion_table(ratings: list[Rating]) -> str:
    """Means with 95 % t intervals over ratings: all, then by category; a row a system."""
    systems = list(dict.fromkeys(sorted(rating.system for rating in ratings)))
    systems.sort(key=lambda name: name == TRUTH, reverse=True)
    categories = sorted({rating.category for rating in ratings} - {""})
    rows = []
    for category in (ALL, *(categories if len(categories) > 1 else ())):
        for system in systems:
            some = [
                rating
                for rating in ratings
                if rating.system == system and category in (ALL, rating.category)
            ]
            estimates = [t_mean([rating.answers[name] for rating in some]) for name in QUESTIONS]
            count = max(estimate.count for estimate in estimates)
            rows.append([category, system, *(cell(estimate) for estimate in estimates), str(count)])
    return table(["category", "system", *QUESTIONS, "ratings"], rows)
