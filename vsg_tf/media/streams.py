"""Which streams of a file are meant: the pictures, the audio tracks, the timecode."""

from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np
from av.stream import Disposition

from vsg_tf.media.packets import PacketTable

_STILLS = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
_THUMBNAILS = 0.25  # of the pictures of the fullest stream: fewer are thumbnails or slides


@dataclass(frozen=True)
class AudioTrack:
    """An audio stream of a file.

    Args:
        number: counted from 1 among those that can be decoded.
        index: of the stream in its file.
        channels: how many.
        sample_rate: samples per second.
        language: as the file gives it, such as `eng`; None: not given.
        title: None: not given.
    """

    number: int
    index: int
    channels: int
    sample_rate: int
    language: str | None
    title: str | None


def moving_streams(container: av.container.InputContainer) -> list[av.VideoStream]:
    """Streams that may hold the moving pictures: those that do not call themselves stills."""
    streams = [stream for stream in container.streams.video if stream.codec_context]
    return [s for s in streams if not s.disposition & _STILLS]


def choose_pictures(tables: Sequence[PacketTable]) -> int:
    """Which of several streams shows the pictures: the first one with not too few of them."""
    counts = np.array([len(table) for table in tables])
    return int(np.argmax(counts >= max(1, _THUMBNAILS * counts.max())))


def audio_tracks(container: av.container.InputContainer) -> tuple[AudioTrack, ...]:
    """All audio streams that can be decoded, in the order of the file."""
    streams = [stream for stream in container.streams.audio if stream.codec_context]
    return tuple(
        AudioTrack(
            number=number,
            index=stream.index,
            channels=stream.codec_context.channels,
            sample_rate=stream.codec_context.sample_rate,
            language=_named(stream.metadata.get("language")),
            title=stream.metadata.get("title") or stream.metadata.get("name"),
        )
        for number, stream in enumerate(streams, 1)
    )


def _named(language: str | None) -> str | None:
    return None if language in (None, "", "und") else language


def find_timecode(container: av.container.InputContainer, pictures: av.VideoStream) -> str | None:
    """Timecode of the first picture, such as `01:00:00:00` or, drop-frame, `01:00:00;00`.

    It is a track of its own in QuickTime and MXF, else a tag of the pictures or of the file.
    """
    sources = [pictures.metadata, *(s.metadata for s in container.streams if s.type == "data")]
    for tags in [*sources, container.metadata]:
        for name, value in tags.items():
            if name.lower() == "timecode":
                return value
    return None
