"""The VAS dataset in REGNET's layout: list files, published mels, pickled features, videos."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from rich.console import Console

from vsg_tf.config.schema import Config
from vsg_tf.data.manifest import Manifest
from vsg_tf.data.shards import Workers, open_output, write_shards
from vsg_tf.errors import InputError

_NAMED_MISSING = 20  # of the missing clips, how many the manifest names
_ENVELOPE_RANGE = 0.45  # 45 dB on the mel's scale of 100 dB


def read_list(path: Path) -> list[str]:
    """`<category>/<id>` lines of a list file, in order, without repeats.

    Raises:
        InputError: the file cannot be read or a line has another form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"Cannot read the list file {path}.") from error
    names = [line.strip() for line in lines if line.strip()]
    for name in names:
        parts = name.split("/")
        if len(parts) != 2 or not all(part and part not in (".", "..") for part in parts):
            raise InputError(f"{path}: {name!r} is not of the form category/id.")
    return list(dict.fromkeys(names))


def envelope_from_mel(mel: np.ndarray, ratio: int) -> np.ndarray:
    """Level per feature frame, 0..1 (1 at the clip's loudest frame, 0 at 45 dB below it).

    Args:
        mel: `[ratio * T, M]` in 0..1.
        ratio: mel frames a feature frame.

    Returns:
        `[T]` float32.
    """
    # Bands are summed as magnitudes: a mean of decibels would count silent bands.
    magnitude = 10.0 ** (5 * mel.astype(np.float64))
    level = np.log10(np.mean(magnitude**2, axis=1).reshape(-1, ratio).mean(axis=1)) / 10
    if mel.max(initial=0.0) <= 0:
        return np.zeros(len(level), np.float32)
    return np.clip(1 + (level - level.max()) / _ENVELOPE_RANGE, 0, 1).astype(np.float32)


@dataclass
class VasBuilder:
    """`category/id` to an example, of published features or of the video.

    Args:
        config: whose front end it is.
        root: VAS folder.
        from_videos: compute features and mels from videos, even if there are published ones.
    """

    config: Config
    root: Path
    from_videos: bool = False

    @property
    def cuts_videos(self) -> bool:
        """Whether videos are read: where asked to, or where the front end reads no files."""
        return self.from_videos or not self.config.video.visual.feature_files

    def paths(self, name: str) -> list[Path]:
        """Files that the clip needs."""
        from vsg_tf.frontends.regnet.files import feature_paths

        if self.cuts_videos:
            return [self.video(name)]
        category, clip = name.split("/")
        return list(feature_paths(self.root / "features", category, clip))

    def video(self, name: str) -> Path:
        """Where the clip's video would be."""
        return self.root / "videos" / f"{name}.mp4"

    @cached_property
    def _cutter(self):
        from vsg_tf.data.video_clips import VideoCutter

        return VideoCutter(self.config)

    def __call__(self, name: str) -> list:
        """The examples of one clip."""
        category = name.split("/", maxsplit=1)[0]
        if self.cuts_videos:
            return list(self._cutter.cut(self.video(name), name, name, category))
        return [self._published(name, category)]

    def _published(self, name: str, category: str):
        from vsg_tf.data.records import Example, clip_frames, fit_length

        rgb, flow, mel_path = self.paths(name)
        frames, ratio = clip_frames(self.config), self.config.video.mel_per_feature
        mel = fit_length(load_mel(mel_path, self.config.audio.n_mels), frames * ratio)
        events, envelope = self._heard(name, frames)
        features = self.config.video.visual.read_files((rgb, flow), self.config.timebase)
        return Example(
            identity=name,
            source=name,
            category=category,
            features=fit_length(features, frames),
            mel=mel,
            envelope=envelope_from_mel(mel, ratio) if envelope is None else envelope,
            events=events,
            truth={"labels": "none" if envelope is None else "heard"},
        )

    def _heard(self, name: str, frames: int) -> tuple[np.ndarray, np.ndarray | None]:
        from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
        from vsg_tf.audio.reading import load_audio

        if not self.video(name).is_file():
            return np.zeros((0, 3), np.float32), None
        timebase = self.config.timebase
        waveform = load_audio(self.video(name), timebase.sample_rate)
        # As in the published mels, where a short clip's sound goes round.
        waveform = np.resize(waveform, frames * timebase.feature_hop)
        events = np.stack(events_from_audio(waveform, timebase), axis=-1)
        return events, envelope_from_audio(waveform, timebase, frames)


def load_mel(path: Path, bands: int) -> np.ndarray:
    """A published mel as `[frames, bands]` float32 in 0..1.

    Raises:
        InputError: not a float array with one side of `bands`, or values outside 0..1.
    """
    try:
        mel = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path} is not a NumPy array.") from error
    if mel.ndim != 2 or bands not in mel.shape or mel.dtype.kind != "f":
        raise InputError(f"{path} is no mel of {bands} bands.")
    mel = (mel.T if mel.shape[0] == bands else mel).astype(np.float32)
    if not np.isfinite(mel).all() or mel.min() < -1e-3 or mel.max() > 1 + 1e-3:
        raise InputError(f"{path} holds values outside 0..1.")
    return np.clip(mel, 0, 1)


def prepare_vas(
    config: Config,
    root: Path,
    lists: dict[str, Path],
    out: Path,
    *,
    from_videos: bool = False,
    categories: Sequence[str] = (),
    workers: Workers = 1,
    overwrite: bool = False,
    console: Console | None = None,
) -> Manifest:
    """Prepare the listed clips that are there; the others are counted in the manifest's notes.

    Args:
        config: a front end that reads feature files gets those in `features/`, others `videos/`.
        root: VAS folder.
        lists: split name to list file.
        out: output folder.
        from_videos: compute features and mels from `videos/`, even if there are published ones.
        categories: those that are wanted; none named: all.
        workers: processes, or a Beam runner.
        overwrite: replace other prepared data in `out`.
        console: where progress is shown.

    Raises:
        InputError: unreadable lists, none of the listed clips is there, or an unusable output.
    """
    if not root.is_dir():
        raise InputError(f"There is no folder {root}.")
    builder = VasBuilder(config, root, from_videos)
    weights = config.video.visual.weights() if builder.cuts_videos else {}
    # One walk instead of a look at every listed file: lists are long and disks may be remote.
    there = {os.path.join(folder, f) for folder, _, files in os.walk(root) for f in files}
    splits, missing = {}, {}
    for split, path in lists.items():
        names = read_list(path)
        if categories:
            names = [name for name in names if name.partition("/")[0] in categories]
        found = [n for n in names if all(str(p) in there for p in builder.paths(n))]
        splits[split] = found
        absent = sorted(set(names) - set(found))
        missing[split] = {"count": len(absent), "first": absent[:_NAMED_MISSING]}
    if not any(splits.values()):
        raise InputError(
            f"None of the listed clips has its files below {root} "
            f"for the front end {config.video.visual.name}; with --from-videos it looks in videos/."
        )
    settings = {"clips": splits, "from_videos": builder.cuts_videos}
    manifest = open_output(out, config, "vas", settings, overwrite, weights)
    manifest.notes = {"missing": missing}
    return write_shards(out, manifest, splits, builder, workers=workers, console=console)
