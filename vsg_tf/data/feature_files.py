"""Features of videos as files, in the layout in which REGNET publishes those of VAS."""

from collections.abc import Iterator
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from vsg_tf.atomic import atomic_path
from vsg_tf.config.schema import Config
from vsg_tf.data.video_folder import find_videos
from vsg_tf.data.workers import stoppable, worker_pool, worker_state
from vsg_tf.errors import ConfigError, InputError, VsgError


@dataclass
class FeatureWriter:
    """Writes the features, and the mel where there is sound, of one video after the other.

    Args:
        config: gives front end, mel grid and how long clips are; shorter ones go round.
        out: folder of the categories.
    """

    config: Config
    out: Path

    @cached_property
    def _log_mel(self):
        from vsg_tf.audio.mel import LogMel

        return LogMel(self.config.audio)

    def __call__(self, path: Path) -> None:
        """Write the files of a video into the category of its folder's name.

        Raises:
            InputError: the video or its features cannot be used, or the files not be written.
        """
        from vsg_tf.frontends.regnet.files import feature_paths
        from vsg_tf.frontends.sources import ClipPieces
        from vsg_tf.video.clip import Clip

        *paths, mel_path = feature_paths(self.out, path.parent.name, path.stem)
        seconds, visual = self.config.data.clip_seconds, self.config.video.visual
        for target in (*paths, mel_path):
            target.parent.mkdir(parents=True, exist_ok=True)
        with Clip.open(path) as clip:
            period = clip.duration_s if clip.duration_s < seconds else None
            if clip.tracks:
                self._write_mel(clip, mel_path)
            visual.write_files(ClipPieces(clip, period).source(0.0, seconds), paths)

    def _write_mel(self, clip, path: Path) -> None:
        audio, timebase = self.config.audio, self.config.timebase
        sound = clip.sound().mono(audio.sample_rate)
        sound = sound[: max(1, timebase.samples_for(clip.duration_s))]
        frames = timebase.samples_for(self.config.data.clip_seconds) // timebase.feature_hop
        mel = self._log_mel(np.resize(sound, frames * timebase.feature_hop))
        with atomic_path(path, overwrite=True) as temporary, temporary.open("wb") as file:
            np.save(file, mel.T)  # bands first, as published

    def is_written(self, path: Path) -> bool:
        """Whether the features of a video are there: the flow's file comes last."""
        from vsg_tf.frontends.regnet.files import feature_paths

        return all(
            target.is_file() for target in feature_paths(self.out, path.parent.name, path.stem)[:2]
        )


def _write_in_worker(path: Path) -> str | None:
    return _write(worker_state(), path)


def _write(writer: FeatureWriter, path: Path) -> str | None:
    """None, or why it failed."""
    try:
        writer(path)
    except VsgError as error:
        return str(error)
    return None


def write_features(
    config: Config,
    root: Path,
    out: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    console: Console | None = None,
) -> tuple[int, dict[str, str]]:
    """Write the features of all videos below a folder; those that are there are left as they are.

    Args:
        config: its front end must be one that features are published of.
        root: folder of videos.
        out: made if needed: `<folder of the video>/<folder of the stream>/<name>.pkl`.
        workers: processes.
        overwrite: compute again what is there.
        console: where progress is shown.

    Returns:
        How many videos have features now, and which failed, and why.

    Raises:
        ConfigError: another front end.
        InputError: no video, two of one name, missing weights, or all failed.
    """
    visual = config.video.visual
    if not visual.feature_files:
        raise ConfigError(
            f"Features of the front end {visual.name} have no published layout; use "
            "video.front_end: regnet, as configs/paper.yaml does."
        )
    visual.weights()  # before any work: a sentence where they are missing
    videos = find_videos(root)
    targets: dict[tuple[str, str], Path] = {}
    for path in videos:
        other = targets.setdefault((path.parent.name, path.stem), path)
        if other != path:
            raise InputError(f"{other} and {path} would have files of one name; rename one.")
    writer = FeatureWriter(config, out)
    wanted = [path for path in videos if overwrite or not writer.is_written(path)]
    failures = {}
    with stoppable(), Progress(console=console, transient=True) as progress:
        task = progress.add_task("features", total=len(wanted))
        for path, reason in _results(writer, wanted, workers):
            progress.advance(task)
            if reason is not None:
                failures[str(path.relative_to(root))] = reason
    if len(failures) == len(videos):
        raise InputError(f"No features could be made ({next(iter(failures.values()))}).")
    return len(videos) - len(failures), failures


def _results(
    writer: FeatureWriter, paths: list[Path], workers: int
) -> Iterator[tuple[Path, str | None]]:
    if workers <= 1 or len(paths) <= 1:
        for path in paths:
            yield path, _write(writer, path)
        return
    with worker_pool(writer, min(workers, len(paths))) as pool:
        futures = {pool.submit(_write_in_worker, path): path for path in paths}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool as error:
            raise InputError(
                "A worker process died, likely for lack of memory; run the same command again "
                "with fewer --workers."
            ) from error
