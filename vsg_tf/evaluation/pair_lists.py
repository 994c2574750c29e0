"""Items as CSV files."""

import csv
import os
from pathlib import Path

from vsg_tf.atomic import atomic_path
from vsg_tf.errors import InputError
from vsg_tf.evaluation.items import KINDS, LONGEST_FACTOR, Item, with_identities

COLUMNS = (
    "video",
    "reference",
    "truth",
    "category",
    "kind",
    "reference_length",
    "reference_background",
    "rgb_features",
    "flow_features",
)


def _item(path: Path, line: int, row: dict[str, str], track_is_truth: bool) -> Item:
    def place(column: str) -> Path | None:
        return path.parent / row[column] if row.get(column) else None

    if not row.get("video") or not row.get("reference"):
        raise InputError(
            f"{path} line {line} lacks a video or a reference; its first line must name columns, "
            f"at least video,reference (all: {','.join(COLUMNS)})."
        )
    kind = row.get("kind") or "pair"
    if kind not in KINDS:
        raise InputError(f"{path} line {line}: kind must be one of {', '.join(KINDS)}, not {kind}.")
    try:
        length = float(row.get("reference_length") or 1)
    except ValueError:
        length = 0.0
    if not 0 < length <= LONGEST_FACTOR:
        raise InputError(
            f"{path} line {line}: reference_length must be above 0 and at most "
            f"{LONGEST_FACTOR:g}, not {row['reference_length']}."
        )
    video = place("video")
    truth = place("truth") or (video if track_is_truth else None)
    features = tuple(place(column) for column in ("rgb_features", "flow_features"))
    if (features[0] is None) != (features[1] is None):
        raise InputError(f"{path} line {line}: rgb_features and flow_features need each other.")
    return Item(
        video,
        place("reference"),
        truth,
        row.get("category") or "",
        kind,
        length,
        place("reference_background"),
        None if features[0] is None else features,
    )


def read_pairs(path: Path, track_is_truth: bool = False) -> list[Item]:
    """Items of a CSV file with the columns video, reference and, if wanted, the other `COLUMNS`.

    Paths are taken from the folder of the CSV file.

    Raises:
        InputError: it cannot be read, lacks a column, holds no row or an impossible value.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            unknown = set(reader.fieldnames or ()) - set(COLUMNS)
            rows = [(reader.line_num, row) for row in reader if any(row.values())]
    except FileNotFoundError as error:
        raise InputError(f"There is no list of pairs {path}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"Cannot read {path}; it must be a CSV file.") from error
    if unknown:
        raise InputError(
            f"{path} has the unknown column {sorted(map(str, unknown))[0]!r}; the columns are "
            f"{','.join(COLUMNS)}."
        )
    if not rows:
        raise InputError(f"{path} lists no pairs; give it the columns video,reference and rows.")
    return with_identities([_item(path, line, row, track_is_truth) for line, row in rows])


def write_pairs(path: Path, items: list[Item], overwrite: bool = False) -> None:
    """Write what `read_pairs` reads; paths relative to the CSV file's folder where they can be."""
    folder = path.absolute().parent

    def relative(place: Path | None) -> str:
        return "" if place is None else os.path.relpath(place.absolute(), folder)

    with (
        atomic_path(path, overwrite) as temporary,
        temporary.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for item in items:
            writer.writerow(
                [
                    relative(item.video),
                    relative(item.reference),
                    relative(item.truth),
                    item.category,
                    item.kind,
                    f"{item.reference_length:g}",
                    relative(item.reference_background),
                    *map(relative, item.feature_files or (None, None)),
                ]
            )
