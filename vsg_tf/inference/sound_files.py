"""Renderings as sound files, in memory that does not grow."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.atomic import scratch_folder
from vsg_tf.audio.levels import apply_gain
from vsg_tf.audio.limiter import Limiter
from vsg_tf.audio.loudness import LoudnessMeter
from vsg_tf.audio.sound_files import create_sound, open_sound
from vsg_tf.errors import InputError
from vsg_tf.inference.synthesizer import Rendering

SUFFIXES = (".wav", ".flac")
_BLOCK = 1 << 16  # samples
_HEARD_DB = 0.5  # less is not worth a word


def is_sound(path: str | os.PathLike) -> bool:
    """Whether a name is that of a sound file that can be written."""
    return Path(path).suffix.lower() in SUFFIXES


def check_suffix(path: str | os.PathLike) -> None:
    """Raise an `InputError` unless a name ends like a sound file that can be written."""
    if not is_sound(path):
        raise InputError(f"Cannot write the sound {path}; end its name in {' or '.join(SUFFIXES)}.")


def write_sound(
    paths: Sequence[Path], rendering: Rendering, gain_db: float, loudness: float | None = None
) -> tuple[str, ...]:
    """Write a sound as 16-bit WAV or FLAC whose true peak stays below full scale.

    The blocks first go to a float file, because the loudness is known only at the end.

    Args:
        paths: written in place, each by its suffix; the caller makes them atomic.
        rendering: read to its end.
        gain_db: gain before limiting.
        loudness: LUFS that the sound is brought to before the gain; None: its own level.

    Returns:
        Sentences for the user: what was limited.

    Raises:
        InputError: it cannot be written, for example because the disk is full.
    """
    try:
        return _write(paths, rendering, gain_db, loudness)
    except (soundfile.LibsndfileError, AssertionError) as error:  # soundfile asserts full writes
        folder = paths[0].parent
        raise InputError(f"Cannot write sound in {folder}; is the disk full?") from error


def _write(paths, rendering, gain_db, loudness) -> tuple[str, ...]:
    meter = LoudnessMeter(rendering.sample_rate, rendering.channels)
    shape = (rendering.sample_rate, rendering.channels)
    with scratch_folder(paths[0]) as folder:
        raw = folder / "float.wav"
        with create_sound(raw, *shape, "WAV", "FLOAT") as file:
            for block in rendering.blocks:
                if loudness is not None:
                    meter.add(block)
                file.write(block)
        if loudness is not None and np.isfinite(meter.integrated):
            gain_db += loudness - meter.integrated
        for path in paths:
            kind = path.suffix.lower().lstrip(".").upper()
            limiter = Limiter(*shape)
            with (
                open_sound(raw) as source,
                create_sound(path, *shape, kind, "PCM_16") as target,
            ):
                for block in source.blocks(_BLOCK, dtype="float32", always_2d=True):
                    target.write(limiter.process(apply_gain(block, gain_db)))
                target.write(limiter.flush())
    return limited(limiter)


def limited(limiter: Limiter) -> tuple[str, ...]:
    """A sentence for the user where a limiter did something that can be heard."""
    if limiter.most_db < _HEARD_DB:
        return ()
    return (
        f"Peaks were limited by up to {limiter.most_db:.1f} dB, for {limiter.limited_s:.1f} s in "
        "all; a lower --gain or --loudness leaves them as they are.",
    )
