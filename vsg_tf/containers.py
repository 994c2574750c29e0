"""Media files opened with one clear sentence for whatever is wrong with them.

Decoding is FFmpeg's, through PyAV: nothing here trusts a file's name or header.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import av
from av.stream import Disposition

from vsg_tf.errors import InputError

# Demuxers that turn any text into a "video" of characters.
_TEXT_FORMATS = frozenset({"tty"})


def check_input(path: str | os.PathLike) -> Path:
    """Check that `path` is a readable file with something in it.

    Raises:
        InputError: nothing is there, it is a folder, it is empty or may not be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a media file inside it.")
        size = path.stat().st_size
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise InputError(f"{path} does not exist; check the path.") from error
    if not os.access(path, os.R_OK):
        raise InputError(f"{path} may not be read; change its permissions.")
    if size == 0:
        raise InputError(f"{path} is an empty file; export or download it again.")
    return path


def local_address(path: str | os.PathLike) -> str:
    """The path as FFmpeg is told it: a colon in a file's name must not look like a protocol."""
    return f"file:{path}"


@contextlib.contextmanager
def open_container(path: str | os.PathLike) -> Iterator[av.container.InputContainer]:
    """Open a media file for demuxing; it never reaches out to the network.

    Raises:
        InputError: as `check_input`, or FFmpeg does not recognise the content.
    """
    path = check_input(path)
    try:
        # Playlists may name other addresses: only local files are ever opened.
        container = av.open(
            local_address(path), options={"protocol_whitelist": "file", "fflags": "+genpts"}
        )
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise InputError(
            f"{path} is not a media file that can be read, or it is damaged; "
            "convert it again, for example to MP4 or WAV."
        ) from error
    with container:
        if container.format.name in _TEXT_FORMATS:
            raise InputError(f"{path} is a text file; give a video or an audio file.")
        yield container


def find_video(container: av.container.InputContainer) -> av.VideoStream | None:
    """The first stream of moving pictures; cover art of a song is not one."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic and stream.codec_context:
            return stream
    return None


def find_audio(container: av.container.InputContainer) -> av.AudioStream | None:
    """The first audio stream that can be decoded."""
    return next((s for s in container.streams.audio if s.codec_context), None)


def packet_time(packet: av.Packet) -> float | None:
    """Presentation time of a packet in seconds (decoding time where there is no other)."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    return None if stamp is None else float(stamp * packet.time_base)


def first_video_time(path: str | os.PathLike) -> float | None:
    """Presentation time in seconds of the first video frame shown; None without video."""
    with open_container(path) as container:
        stream = find_video(container)
        if stream is None:
            return None
        for packet in container.demux(stream):
            time = packet_time(packet)
            if time is not None and packet.size and not packet.is_discard:
                return time
    return None
