"""Audio streams of any container, decoded block by block."""

import contextlib
import os
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.pictures import find_pictures
from vsg_tf.media.sound_blocks import sound_blocks
from vsg_tf.media.streams import audio_tracks


def count_tracks(path: str | os.PathLike) -> int:
    """How many audio streams of a file can be decoded.

    Raises:
        InputError: the file cannot be opened.
    """
    with contextlib.closing(MediaFile(path)) as file:
        return len(audio_tracks(file.container))


def iterate_track(
    path: str | os.PathLike, align: bool = True, track: int = 1
) -> Iterator[tuple[np.ndarray, int]]:
    """Decode an audio stream of a file in constant memory.

    Args:
        path: any audio or video file.
        align: where the file has moving pictures, sample 0 is the first one seen: sound before
            it is dropped, a late start is filled with silence.
        track: which audio stream, counted from 1.

    Yields:
        Blocks `[channels, samples]` float32 and their samples per second.

    Raises:
        InputError: the file cannot be opened or has no such audio stream.
    """
    with contextlib.closing(MediaFile(path)) as file:
        pictures = find_pictures(file) if align else None
        start = None if pictures is None else pictures.clock.start_s
        yield from read_track(file, track, start)


def read_track(
    file: MediaFile,
    track: int,
    start: Fraction | None,
    sample_rate: int | None = None,
    layout: str | None = None,
) -> Iterator[tuple[np.ndarray, int]]:
    """Decode an audio stream of an opened file; otherwise as `iterate_track`.

    Args:
        file: the file.
        track: which audio stream, counted from 1.
        start: time of sample 0 in s on the file's clock; None: the first sample there is.
        sample_rate: wanted samples per second; None keeps the stream's own.
        layout: wanted channel layout, "mono" or "stereo"; None keeps the stream's own.
    """
    tracks = audio_tracks(file.container)
    if not tracks:
        raise InputError(f"{file.path} has no audio stream; give a file with sound.")
    if not 1 <= track <= len(tracks):
        raise no_track(file.path, track, len(tracks))
    index = tracks[track - 1].index
    with file.reading([index]) as (container, packets):
        stream = container.streams[index]
        yield from sound_blocks(packets, stream, start, sample_rate, layout)


def no_track(path: str | os.PathLike, track: int, count: int) -> InputError:
    """What to say of a track that a file with `count` of them does not have."""
    name = "track" if count == 1 else "tracks"
    return InputError(
        f"{path} has {count} audio {name}, so that track {track} cannot be read; they count from 1."
    )
