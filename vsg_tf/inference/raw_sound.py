"""A rendering kept as it was made, to be read more than once."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from vsg_tf.atomic import scratch_folder
from vsg_tf.audio.levels import apply_gain
from vsg_tf.audio.loudness import LoudnessMeter
from vsg_tf.audio.sound_files import create_sound, open_sound
from vsg_tf.errors import InputError
from vsg_tf.inference.synthesizer import Rendering

_BLOCK = 1 << 16  # samples


@dataclass(frozen=True)
class RawSound:
    """A rendering in a floating-point file.

    Args:
        path: of the file; it is gone when the block that asked for it ends.
        sample_rate: samples per second.
        channels: 1 or 2.
        peak: its largest absolute value, which may exceed full scale.
        loudness: LUFS; -inf for silence, None where it was not measured.
    """

    path: Path
    sample_rate: int
    channels: int
    peak: float
    loudness: float | None = None

    def blocks(self, gain_db: float = 0.0) -> Iterator[np.ndarray]:
        """Consecutive blocks `[samples, channels]` float32, amplified; each time from the start."""
        with open_sound(self.path) as source:
            for block in source.blocks(_BLOCK, dtype="float32", always_2d=True):
                yield apply_gain(block, gain_db)

    def gain_to(self, gain_db: float, loudness: float | None) -> float:
        """The gain in dB that brings it to so many LUFS, if any are wanted, and then by `gain_db`
        further."""
        if loudness is None or self.loudness is None or not np.isfinite(self.loudness):
            return gain_db
        return gain_db + loudness - self.loudness


@contextlib.contextmanager
def stored(
    rendering: Rendering, beside: str | os.PathLike, measured: bool = False
) -> Iterator[RawSound]:
    """Make a rendering and keep it for a block.

    Args:
        rendering: read to its end.
        beside: an output; the file lies in a folder of its own next to it.
        measured: whether its loudness is wanted.

    Raises:
        InputError: it cannot be written, for example because the disk is full.
    """
    shape = rendering.sample_rate, rendering.channels
    meter = LoudnessMeter(*shape) if measured else None
    peak = 0.0
    with scratch_folder(beside) as folder:
        path = folder / "float.wav"
        try:
            with create_sound(path, *shape, "WAV", "FLOAT") as file:
                for block in rendering.blocks:
                    peak = max(peak, float(np.abs(block).max(initial=0.0)))
                    if meter is not None:
                        meter.add(block)
                    file.write(block)
        except (soundfile.LibsndfileError, AssertionError) as error:  # it asserts full writes
            raise unwritable(folder.parent) from error
        loudness = None if meter is None else meter.integrated
        yield RawSound(path, rendering.sample_rate, rendering.channels, peak, loudness)


def unwritable(folder: Path) -> InputError:
    """What to say where a sound could not be written."""
    return InputError(f"Cannot write sound in {folder}; is the disk full?")
