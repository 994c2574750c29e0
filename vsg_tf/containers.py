"""Media files opened with one clear sentence for whatever is wrong with them.

Decoding is FFmpeg's, through PyAV: nothing here trusts a file's name or header.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import av

from vsg_tf.errors import InputError

# What counts as a video or a sound where a folder is searched, in every command.
VIDEO_SUFFIXES = frozenset(
    {".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".gif", ".mpg", ".mpeg", ".ts", ".mts"}
    | {".m2ts", ".mxf", ".wmv", ".flv", ".ogv", ".3gp"}
)
AUDIO_SUFFIXES = frozenset(
    {".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aac", ".aif", ".aiff", ".caf", ".wma"}
    | {".w64", ".rf64", ".bwf"}
)

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


def open_media(path: str | os.PathLike) -> av.container.InputContainer:
    """Open a media file for demuxing; it never reaches out to the network. The caller closes it.

    Raises:
        InputError: as `check_input`, or FFmpeg does not recognise the content.
    """
    path = check_input(path)
    try:
        # Playlists may name other addresses: only local files are ever opened. Tags in no known
        # encoding are no reason to refuse a file.
        container = av.open(
            local_address(path),
            options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise InputError(
            f"{path} is not a media file that can be read, or it is damaged; "
            "convert it again, for example to MP4 or WAV."
        ) from error
    if container.format.name in _TEXT_FORMATS:
        container.close()
        raise InputError(f"{path} is a text file; give a video or an audio file.")
    return container


@contextlib.contextmanager
def open_container(path: str | os.PathLike) -> Iterator[av.container.InputContainer]:
    """`open_media` for the length of a block.

    Raises:
        InputError: as `open_media`.
    """
    with open_media(path) as container:
        yield container
