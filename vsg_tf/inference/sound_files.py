"""Renderings as sound files, in memory that does not grow."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.atomic import scratch_folder
from vsg_tf.audio.levels import PEAK_CEILING_DB, apply_gain, peak_db
from vsg_tf.errors import InputError
from vsg_tf.inference.synthesizer import Rendering

SUFFIXES = (".wav", ".flac")
_BLOCK = 1 << 16  # samples


def is_sound(path: str | os.PathLike) -> bool:
    """Whether a name is that of a sound file that can be written."""
    return Path(path).suffix.lower() in SUFFIXES


def check_suffix(path: str | os.PathLike) -> None:
    """Raise an `InputError` unless a name ends like a sound file that can be written."""
    if not is_sound(path):
        raise InputError(f"Cannot write the sound {path}; end its name in {' or '.join(SUFFIXES)}.")


def write_sound(paths: Sequence[Path], rendering: Rendering, gain_db: float) -> None:
    """Write a sound as 16-bit WAV or FLAC whose peak stays below full scale.

    The blocks first go to a float file, because the peak is known only at the end.

    Args:
        paths: written in place, each by its suffix; the caller makes them atomic.
        rendering: read to its end.
        gain_db: gain before limiting.

    Raises:
        InputError: it cannot be written, for example because the disk is full.
    """
    try:
        _write(paths, rendering, gain_db)
    except (soundfile.LibsndfileError, AssertionError) as error:  # soundfile asserts full writes
        folder = paths[0].parent
        raise InputError(f"Cannot write sound in {folder}; is the disk full?") from error


def _write(paths, rendering, gain_db) -> None:
    peak = peak_db(np.zeros(0))
    shape = {"samplerate": rendering.sample_rate, "channels": rendering.channels}
    with scratch_folder(paths[0]) as folder:
        raw = folder / "float.wav"
        with soundfile.SoundFile(raw, "w", subtype="FLOAT", format="WAV", **shape) as file:
            for block in rendering.blocks:
                peak = max(peak, peak_db(block))
                file.write(block)
        gain_db = min(gain_db, PEAK_CEILING_DB - peak)
        for path in paths:
            kind = path.suffix.lower().lstrip(".").upper()
            with (
                soundfile.SoundFile(raw) as source,
                soundfile.SoundFile(path, "w", subtype="PCM_16", format=kind, **shape) as target,
            ):
                for block in source.blocks(_BLOCK, dtype="float32", always_2d=True):
                    target.write(apply_gain(block, gain_db))
