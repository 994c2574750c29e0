"""A new sound under the unchanged pictures of a video."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

import av
import numpy as np

from vsg_tf.atomic import atomic_path, check_output
from vsg_tf.errors import InputError
from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.pictures import PictureStream
from vsg_tf.video.carried import left_out
from vsg_tf.video.output_file import WRITE_ERRORS, OutputFile
from vsg_tf.video.picture_copies import find_way
from vsg_tf.video.sound_track import SoundTrack

SUFFIXES = (".mp4", ".mov", ".mkv")
# What no .mkv holds, or what is better off elsewhere.
_BETTER_SUFFIXES = {".gif": ".mov", ".m4v": ".mp4", ".3gp": ".mp4"}


def check_suffix(path: str | os.PathLike, also: Collection[str] = ()) -> str:
    """The suffix of an output, in lower case.

    Args:
        path: the output.
        also: other suffixes that can be written.

    Raises:
        InputError: it is neither one of `SUFFIXES` nor of the others.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (*SUFFIXES, *also):
        raise InputError(f"Cannot write {path}; end its name in {', '.join((*SUFFIXES, *also))}.")
    return suffix


def storable_suffix(path: str | os.PathLike) -> str:
    """The suffix under which the pictures of a video of this name can be written.

    It is its own where that is one of `SUFFIXES`.
    """
    suffix = Path(path).suffix.lower()
    return suffix if suffix in SUFFIXES else _BETTER_SUFFIXES.get(suffix, ".mkv")


def write_video(
    file: MediaFile,
    pictures: PictureStream,
    sound: SoundTrack,
    output: Path,
    overwrite: bool,
) -> tuple[str, ...]:
    """Write pictures and sound into a file; see `vsg_tf.video.clip.Clip.mux`."""
    output = check_output(output, overwrite)
    suffix = check_suffix(output)
    _check_hidden(file.path, pictures, suffix)
    own_tag = find_way(file, pictures, suffix)
    if own_tag is None:
        raise _refusal(file, pictures, suffix)
    with atomic_path(output, overwrite) as temporary:
        try:
            _write(file, pictures, own_tag, sound, temporary, suffix)
        except av.FFmpegError as error:
            if error.errno in WRITE_ERRORS:
                raise OSError(error.errno, os.strerror(error.errno)) from error
            raise InputError(
                f"The pictures of {file.path} cannot be copied ({error.strerror}); "
                "convert the video to H.264 in MP4 first."
            ) from error
        return left_out(file, pictures.index, temporary, output)


def _refusal(file: MediaFile, pictures: PictureStream, suffix: str) -> InputError:
    others = [s for s in SUFFIXES if s != suffix and find_way(file, pictures, s) is not None]
    other = f"choose an output that ends in {' or '.join(others)}, or " if others else ""
    return InputError(
        f"A {suffix} file cannot hold the {pictures.codec} pictures of {file.path}; "
        f"{other}convert the video to H.264 first."
    )


def _check_hidden(path, pictures: PictureStream, suffix: str) -> None:
    """Refuse to show what an edit list hides.

    Raises:
        InputError: pictures are needed for decoding alone, and the container cannot say so.
    """
    if suffix == ".mkv" and pictures.clock.hidden.any():
        raise InputError(
            f"{path} was cut without being encoded anew, and .mkv cannot hide the pictures before "
            "the cut; choose an output that ends in .mp4 or .mov."
        )


def _write(
    file: MediaFile,
    pictures: PictureStream,
    own_tag: bool,
    sound: SoundTrack,
    path: Path,
    suffix: str,
) -> None:
    with file.reading([pictures.index]) as (container, _):
        output = OutputFile(path, suffix, container, pictures, own_tag, sound)
    with output:
        encoder = _encoded(output.audio, sound)
        heard = 0.0
        with file.reading([pictures.index, *output.carried]) as (_, packets):
            for packet in output.copied(packets):
                seen = float(packet.dts * packet.time_base)
                while heard <= seen and (block := next(encoder, None)) is not None:
                    heard, sounds = block
                    output.mux(sounds)
                output.mux([packet])
        for _, sounds in encoder:
            output.mux(sounds)


def _encoded(stream: av.AudioStream, sound: SoundTrack) -> Iterator[tuple[float, list[av.Packet]]]:
    """Encode the sound: how many seconds are done, and the packets that came out."""
    done = 0
    for block in sound.blocks():
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(block), format="fltp", layout=sound.layout
        )
        frame.sample_rate, frame.pts = sound.rate, done
        done += block.shape[1]
        yield done / sound.rate, stream.encode(frame)
    yield done / sound.rate, stream.encode(None)
