"""Folders of recordings as a corpus of waveforms, for the vocoder."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from vsg_tf.audio.reading import load_audio
from vsg_tf.config.schema import Config
from vsg_tf.data.manifest import SOUNDS_KIND, Manifest
from vsg_tf.data.shards import Workers, open_output, write_shards
from vsg_tf.data.synthetic.sources import (
    Recording,
    check_pattern,
    find_recordings,
    is_validation,
)
from vsg_tf.errors import InputError

_PEAK = 0.9
_QUIETEST = 1e-3  # peak of a piece, against that of its recording, below which it is left out
_SHORTEST = 0.05  # s
_FULL_SCALE = 32767


@dataclass
class Sound:
    """A piece of a recording.

    Args:
        identity: unique name inside the corpus.
        source: recording family; sounds of one source never sit in two splits.
        waveform: `[samples]` float32 in -1..1.
    """

    identity: str
    source: str
    waveform: np.ndarray

    def serialize(self) -> bytes:
        """Its record; 16 bits a sample."""
        import tensorflow as tf

        samples = np.round(np.clip(self.waveform, -1, 1) * _FULL_SCALE).astype("<i2")
        values = {
            "id": self.identity.encode(),
            "source": self.source.encode(),
            "waveform": samples.tobytes(),
        }
        feature = {
            name: tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
            for name, value in values.items()
        }
        return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString(
            deterministic=True
        )


@dataclass
class SoundBuilder:
    """Recordings to pieces of at most `data.clip_seconds`, the recording's peak at 0.9."""

    config: Config

    def __call__(self, recording: Recording) -> list[Sound]:
        """The pieces of one recording in which there is sound.

        Raises:
            InputError: it cannot be read, or is silent or shorter than 0.05 s.
        """
        rate = self.config.audio.sample_rate
        waveform = load_audio(recording.path, rate)
        peak = np.abs(waveform).max()
        if peak < 1e-4 or len(waveform) < _SHORTEST * rate:
            raise InputError(f"{recording.path} is silent or shorter than {_SHORTEST} s.")
        waveform = waveform * (_PEAK / peak)
        size = self.config.timebase.samples_for(self.config.data.clip_seconds)
        starts = range(0, len(waveform), size)
        pieces = {start: waveform[start : start + size] for start in starts}
        return [
            Sound(f"{recording.name}@{start / rate:.2f}", recording.family, piece)
            for start, piece in pieces.items()
            if len(piece) >= _SHORTEST * rate and np.abs(piece).max() > _QUIETEST
        ]


def prepare_sounds(
    config: Config,
    folders: list[Path],
    out: Path,
    *,
    valid_match: str | None = None,
    valid_fraction: float = 0.1,
    exclude: str | None = None,
    workers: Workers = 1,
    overwrite: bool = False,
    console: Console | None = None,
) -> Manifest:
    """Cut all recordings below folders into pieces.

    Which are for validation is found as in the synthetic corpus, from the same names.

    Args:
        config: gives the sample rate and the longest piece, `data.clip_seconds`.
        folders: existing folders.
        out: output folder.
        valid_match: regular expression on `<folder>/<relative path>`; matching files and their
            families are for validation.
        valid_fraction: of the other families, chosen by hash, also for validation.
        exclude: regular expression; matching files are left out.
        workers: processes, or a Beam runner.
        overwrite: replace other prepared data in `out`.
        console: where progress is shown.

    Raises:
        InputError: folders without recordings, none left to train on, or an unusable output.
    """
    check_pattern(valid_match, "--valid-match")
    check_pattern(exclude, "--exclude")
    recordings = find_recordings(folders, exclude)
    valid = is_validation(recordings, valid_match, valid_fraction)
    splits = {
        "train": [r for r in recordings if r.family not in valid],
        "valid": [r for r in recordings if r.family in valid],
    }
    if not splits["train"]:
        raise InputError(
            "No recording is left to train on; change --valid-match, --valid-fraction or --exclude."
        )
    settings = {
        "files": [[r.name, r.path.stat().st_size] for r in recordings],
        "valid_match": valid_match,
        "valid_fraction": valid_fraction,
    }
    manifest = open_output(out, config, SOUNDS_KIND, settings, overwrite)
    return write_shards(
        out, manifest, splits, SoundBuilder(config), workers=workers, console=console
    )
