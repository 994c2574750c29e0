"""Many pairs of video and reference: from folders, or from a CSV list."""

import csv
import os
from dataclasses import dataclass
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.video.muxing import storable_suffix

VIDEO_SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".gif", ".mpg", ".mpeg", ".ts"}
AUDIO_SUFFIXES = {".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".aif", ".aiff"}


@dataclass(frozen=True)
class Pair:
    """One job of a batch."""

    video: Path
    reference: Path
    output: Path


def _visible_files(folder: Path, suffixes: set[str]) -> list[Path]:
    files = (path for path in folder.iterdir() if path.suffix.lower() in suffixes)
    return sorted(path for path in files if path.is_file() and not path.name.startswith("."))


def _output_name(video: Path, folder: Path) -> Path:
    """The video's own name, so that no two of a folder collide; a second suffix if need be."""
    suffix = storable_suffix(video)
    return folder / (video.name if video.suffix.lower() == suffix else f"{video.name}{suffix}")


def folder_pairs(videos: Path, reference: Path, output: Path) -> list[Pair]:
    """Every video of a folder with one reference, or with the reference of the same name.

    Args:
        videos: folder of video files.
        reference: a file for all of them, or a folder that holds `<video name>.<audio suffix>`.
        output: folder for the results.

    Raises:
        InputError: there is no video in the folder. A reference that is missing is left for the
            pair's own error.
    """
    files = _visible_files(videos, VIDEO_SUFFIXES)
    if not files:
        raise InputError(f"The folder {videos} holds no video files; name a folder that does.")
    if not reference.is_dir():
        return [Pair(video, reference, _output_name(video, output)) for video in files]
    sounds = {
        path.stem: path for path in _visible_files(reference, AUDIO_SUFFIXES | VIDEO_SUFFIXES)
    }
    return [
        Pair(
            video,
            sounds.get(video.stem, reference / f"{video.stem}.wav"),
            _output_name(video, output),
        )
        for video in files
    ]


def listed_pairs(path: str | os.PathLike, output: Path) -> list[Pair]:
    """Pairs from a CSV file with the columns video, reference and, if wanted, output.

    Paths are taken from the folder of the CSV file; outputs from the output folder.

    Raises:
        InputError: the file cannot be read, lacks a column, holds no row, or two rows write one
            output.
    """
    path = Path(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, row) for row in reader if any(row.values())]
    except FileNotFoundError as error:
        raise InputError(f"There is no list of pairs {path}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"Cannot read {path}; it must be a CSV file.") from error
    if not rows:
        raise InputError(f"{path} lists no pairs; give it the columns video,reference and rows.")
    pairs, lines = [], {}
    for number, row in rows:
        if not row.get("video") or not row.get("reference"):
            raise InputError(
                f"{path} line {number} lacks a video or a reference; its first line must be "
                "video,reference or video,reference,output."
            )
        video = path.parent / row["video"]
        name = row.get("output")
        target = output / name if name else _output_name(video, output)
        other = lines.setdefault(os.path.realpath(target), number)
        if other != number:
            raise InputError(f"{path} lines {other} and {number} both write {target}.")
        pairs.append(Pair(video, path.parent / row["reference"], target))
    return pairs
