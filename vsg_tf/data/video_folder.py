"""A folder of videos with sound, under any names, as a corpus."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rich.console import Console

from vsg_tf.config.schema import Config
from vsg_tf.data.manifest import Manifest
from vsg_tf.data.shards import Workers, open_output, write_shards
from vsg_tf.data.synthetic.sources import check_pattern, stable_fraction
from vsg_tf.errors import InputError

VIDEO_SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".mpg", ".mpeg", ".ogv"}


@dataclass
class VideoBuilder:
    """Relative paths to examples; the category is the parent folder's name."""

    config: Config
    root: Path

    @cached_property
    def _cutter(self):
        from vsg_tf.data.video_clips import VideoCutter

        return VideoCutter(self.config)

    def __call__(self, name: str) -> list:
        """The examples of one video."""
        path = self.root / name
        return list(self._cutter.cut(path, name, video_source(name), path.parent.name))


def find_videos(root: Path) -> list[Path]:
    """The videos below a folder, sorted.

    Raises:
        InputError: no such folder, or no video in it.
    """
    if not root.is_dir():
        raise InputError(f"There is no folder {root}.")
    paths = sorted(p for p in root.rglob("*") if p.suffix.lower() in VIDEO_SUFFIXES)
    if not paths:
        raise InputError(f"There is no video in {root}.")
    return paths


def video_source(name: str) -> str:
    """What a video was cut from: its stem without a trailing number (`walk_03` -> `walk`)."""
    stem = Path(name).stem
    return re.sub(r"[\s_-]*\d+$", "", stem) or stem


def prepare_videos(
    config: Config,
    root: Path,
    out: Path,
    *,
    valid_match: str | None = None,
    valid_fraction: float = 0.1,
    workers: Workers = 1,
    overwrite: bool = False,
    console: Console | None = None,
) -> Manifest:
    """Cut all videos below a folder into examples.

    Args:
        config: its front end computes the features.
        root: folder; names and subfolders may be anything.
        out: output folder.
        valid_match: regular expression on relative paths; the sources of files that it finds are
            validation.
        valid_fraction: of the other sources, chosen by a hash of their name, also validation.
        workers: processes, or a Beam runner.
        overwrite: replace other prepared data in `out`.
        console: where progress is shown.

    Raises:
        InputError: no video, or an unusable output folder.
    """
    check_pattern(valid_match, "--valid-match")
    paths = find_videos(root)
    names = [path.relative_to(root).as_posix() for path in paths]
    settings = {
        "files": [[n, p.stat().st_size] for n, p in zip(names, paths, strict=True)],
        "valid_match": valid_match,
        "valid_fraction": valid_fraction,
    }
    matched = {video_source(n) for n in names if valid_match and re.search(valid_match, n)}
    splits: dict[str, list[str]] = {"train": [], "valid": []}
    for name in names:
        source = video_source(name)
        is_valid = source in matched or stable_fraction(source) < valid_fraction
        splits["valid" if is_valid else "train"].append(name)
    manifest = open_output(
        out, config, "videos", settings, overwrite, config.video.visual.weights()
    )
    builder = VideoBuilder(config, root)
    return write_shards(out, manifest, splits, builder, workers=workers, console=console)
