"""Markers and regions of a WAV file, as editors and recorders write them.

Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (cue, adtl), and EBU Tech
3306 (RF64). The first sample is heard with the clip's first picture.
"""

import math
import struct
from collections.abc import Iterator
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists.clock import ListClock
from vsg_tf.timing.timing import Timing

_KINDS = (b"RIFF", b"RF64", b"BW64")
_CUE = struct.Struct("<II4sIII")  # name, position in a playlist, chunk, its start, block, sample
_LARGE = 0xFFFFFFFF  # stands for a size that a chunk ds64 holds
_MOST_BYTES = 1 << 26  # of a chunk that is read


def recognises(head: bytes) -> bool:
    """Whether it begins as a WAV file."""
    return head[:4] in _KINDS and head[8:12] == b"WAVE"


def read(path: Path, clock: ListClock) -> Timing:
    """Every marker is an event at full strength; a region lasts as long as it is.

    Raises:
        InputError: the file is damaged or has no markers, or one lies beyond the clip's end.
    """
    try:
        rate, cues, lengths = _markers(path)
    except (OSError, struct.error) as error:
        raise InputError(f"{path} is no WAV file or damaged; export it again.") from error
    if not rate:
        raise InputError(f"{path} does not say its sample rate; export it again.")
    if not cues:
        raise InputError(
            f"{path} holds no markers; set some, or play in time with its sound by --guide {path}."
        )
    times, durations = [], []
    for number, (name, sample) in enumerate(sorted(cues.items(), key=lambda cue: cue[1]), start=1):
        times.append(clock.within(sample / rate, f"{path}, marker {number}"))
        durations.append(lengths[name] / rate if lengths.get(name) else math.nan)
    return Timing(clock.duration_s, EventTrack(times, [1.0] * len(times), durations))


def _markers(path: Path) -> tuple[int, dict[int, int], dict[int, int]]:
    """Sample rate, sample of each cue point, and samples that it lasts where it is a region."""
    rate, cues, lengths = 0, {}, {}
    for name, content in _chunks(path):
        if name == b"fmt ":
            rate = struct.unpack_from("<I", content, 4)[0]
        elif name == b"cue ":
            (count,) = struct.unpack_from("<I", content)
            for index in range(min(count, (len(content) - 4) // _CUE.size)):
                cue = _CUE.unpack_from(content, 4 + index * _CUE.size)
                cues[cue[0]] = cue[5] or cue[1]
        elif name == b"LIST" and content[:4] == b"adtl":
            for part, text in _parts(content[4:]):
                if part == b"ltxt" and len(text) >= 8:
                    cue_name, samples = struct.unpack_from("<II", text)
                    lengths[cue_name] = samples
    return rate, cues, lengths


def _chunks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the chunks but for the sound itself, which is stepped over."""
    with path.open("rb") as file:
        file.seek(12)
        large = None
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                if size == _LARGE:
                    if large is None:
                        return  # its length was never filled in: it goes on to the end
                    size = large
                file.seek(size + size % 2, 1)
                continue
            if size > _MOST_BYTES:
                file.seek(size + size % 2, 1)
                continue
            content = file.read(size + size % 2)[:size]
            if name == b"ds64":
                large = struct.unpack_from("<Q", content, 8)[0]
            yield name, content


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents of the chunks within a list."""
    at = 0
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        yield name, content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
