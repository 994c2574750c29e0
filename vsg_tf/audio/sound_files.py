"""Files of libsndfile, opened by descriptor: it takes no name that is not UTF-8."""

import contextlib
import os
from collections.abc import Iterator

import soundfile


@contextlib.contextmanager
def open_sound(path: str | os.PathLike) -> Iterator[soundfile.SoundFile]:
    """Open a sound for reading.

    Raises:
        LibsndfileError: its content is not of a kind that libsndfile knows.
        OSError: it cannot be opened.
    """
    with open(path, "rb") as raw, soundfile.SoundFile(raw.fileno(), closefd=False) as file:
        yield file


@contextlib.contextmanager
def create_sound(
    path: str | os.PathLike, sample_rate: int, channels: int, form: str, subtype: str
) -> Iterator[soundfile.SoundFile]:
    """Open a new sound for writing, replacing a file that is there.

    Args:
        path: its name, whose suffix means nothing.
        sample_rate: samples per second.
        channels: of the blocks that will be written.
        form, subtype: as libsndfile calls them, such as `"WAV"` and `"PCM_16"`.

    Raises:
        LibsndfileError: libsndfile cannot write that.
        OSError: the file cannot be opened.
    """
    with (
        open(path, "w+b") as raw,
        soundfile.SoundFile(
            raw.fileno(), "w", sample_rate, channels, subtype, format=form, closefd=False
        ) as file,
    ):
        yield file
