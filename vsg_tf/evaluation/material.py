"""What is evaluated on: pairs of clip and reference, with the true sound where it is known."""

import csv
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from vsg_tf.atomic import atomic_path
from vsg_tf.errors import InputError
from vsg_tf.evaluation.pairing import Pairing, pair_own_sounds
from vsg_tf.inference.batch import AUDIO_SUFFIXES, VIDEO_SUFFIXES

PAIRS_FILE = "pairs.csv"
COLUMNS = (
    "video",
    "reference",
    "truth",
    "category",
    "kind",
    "reference_length",
    "reference_background",
)
Kind = Literal["pair", "original", "shuffled", "timbre", "length"]
KINDS = {
    "pair": "as listed",
    "original": "each clip with its own sound as reference",
    "shuffled": "each clip with another clip's sound as reference",
    "timbre": "random references, each with random clips of its category",
    "length": "the same references at 0.5, 1 and 2 times their length",
}
LONGEST_FACTOR = 10.0


@dataclass(frozen=True)
class Item:
    """One thing to render and score.

    Args:
        video: the clip; its own sound is not listened to by any system.
        reference: recording with the wanted timbre.
        truth: the clip's true sound (audio, or a video's track); None: no timing is scored.
        category: for means by category.
        kind: see `KINDS`.
        reference_length: the reference is cut or repeated to this multiple of its length.
        reference_background: the background in the reference, alone, where it is known.
        identity: unique in the list; the same for the same files.
    """

    video: Path
    reference: Path
    truth: Path | None = None
    category: str = ""
    kind: Kind = "pair"
    reference_length: float = 1.0
    reference_background: Path | None = None
    identity: str = ""


def _name(item: Item) -> str:
    name = f"{item.category}/" if item.category else ""
    name += f"{item.video.stem}+{item.reference.stem}"
    if item.reference_length != 1:
        name += f"x{item.reference_length:g}"
    return name if item.kind == "pair" else f"{item.kind}/{name}"


def with_identities(items: list[Item]) -> list[Item]:
    """Give every item its identity; equal names are told apart by numbers."""
    seen: Counter[str] = Counter()
    named = []
    for item in items:
        name = _name(item)
        seen[name] += 1
        named.append(replace(item, identity=name + (f"#{seen[name]}" if seen[name] > 1 else "")))
    return named


def _files(folder: Path, suffixes: set[str]) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes)
    return sorted(path for path in found if path.is_file() and not path.name.startswith("."))


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
    background = place("reference_background")
    return Item(
        video, place("reference"), truth, row.get("category") or "", kind, length, background
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
                ]
            )


def _by_name(folder: Path, suffixes: set[str]) -> dict[str, Path]:
    """Files by path inside the folder without suffix."""
    if not folder.is_dir():
        return {}
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path
        for path in _files(folder, suffixes)
    }


def _folder_items(data: Path, track_is_truth: bool) -> list[Item]:
    sounds = AUDIO_SUFFIXES | VIDEO_SUFFIXES
    videos = _by_name(data / "videos", VIDEO_SUFFIXES)
    references = _by_name(data / "references", sounds)
    truths = _by_name(data / "truth", sounds)
    backgrounds = _by_name(data / "backgrounds", sounds)
    if not videos:
        raise InputError(f"{data / 'videos'} holds no video files; put the clips there.")
    missing = [name for name in videos if name not in references]
    if missing:
        raise InputError(
            f"{data / 'references'} holds no sound named {missing[0]!r}, as the video of that name "
            f"needs ({len(missing)} of {len(videos)} are missing)."
        )
    return with_identities(
        [
            Item(
                video,
                references[name],
                truths.get(name) or (video if track_is_truth else None),
                name.rpartition("/")[0],
                reference_background=backgrounds.get(name),
            )
            for name, video in videos.items()
        ]
    )


def clips_by_category(folder: Path) -> dict[str, list[Path]]:
    """Videos of a folder by the sub-folder they lie in.

    Raises:
        InputError: there is no video.
    """
    categories: dict[str, list[Path]] = {}
    for path in _files(folder, VIDEO_SUFFIXES):
        name = path.parent.relative_to(folder).as_posix()
        categories.setdefault("" if name == "." else name, []).append(path)
    if not categories:
        raise InputError(
            f"{folder} holds nothing to evaluate on; it needs {PAIRS_FILE}, or the folders videos "
            "and references, or videos with sound."
        )
    return categories


def read_material(
    data: Path,
    *,
    pairing: Pairing = "shuffled",
    seed: int = 0,
    track_is_truth: bool = False,
) -> list[Item]:
    """What a path holds to be evaluated on.

    Args:
        data: a CSV file; or a folder with `pairs.csv`; or with `videos/`, `references/` and, if
            wanted, `truth/` and `backgrounds/`, matched by name, sub-folders being categories; or
            any folder of videos with sound.
        pairing: for a folder of videos: a clip's reference is its `own` sound or, `shuffled`,
            that of another clip.
        seed: of the shuffling.
        track_is_truth: where no truth is named, the video's own sound is it. For a folder of
            videos it always is.

    Raises:
        InputError: nothing is there, or it cannot be used.
    """
    if data.is_file():
        return read_pairs(data, track_is_truth)
    if not data.is_dir():
        raise InputError(f"There is no {data}; name a folder of clips, or a CSV list of pairs.")
    if (data / PAIRS_FILE).exists():
        return read_pairs(data / PAIRS_FILE, track_is_truth)
    if (data / "videos").is_dir() and (data / "references").is_dir():
        return _folder_items(data, track_is_truth)
    categories = clips_by_category(data)
    clips = [(name, path) for name, paths in categories.items() for path in paths]
    items = [
        Item(video, reference, video, category, kind="original" if pairing == "own" else "shuffled")
        for (category, video), reference in zip(
            clips, pair_own_sounds([path for _, path in clips], pairing, seed), strict=True
        )
    ]
    return with_identities(items)
