"""Video files as timed grey pictures."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from vsg_tf.containers import find_audio, find_video, open_container, packet_time
from vsg_tf.errors import InputError

_USUAL_RATE = 25.0  # frames per second assumed where a file does not say
_JUMP = 1.0  # s; a step back by more than this is a clock that started anew


@dataclass(frozen=True)
class VideoInfo:
    """What a video file holds.

    Args:
        duration_s: from the first frame's appearance to the last one's end.
        width, height: as shown, after rotation, in pixels.
        rotation: degrees, counter-clockwise, by which stored pictures are turned for showing.
        has_audio: whether there is an audio stream.
        frame_rate: mean frames per second.
        start_s: presentation time of the first frame on the file's own clock.
    """

    duration_s: float
    width: int
    height: int
    rotation: int
    has_audio: bool
    frame_rate: float
    start_s: float


def probe_video(path: str | os.PathLike) -> VideoInfo:
    """Measure a video by its packets (headers of damaged files lie) and its first frame.

    Raises:
        InputError: the file cannot be read, has no video stream or fewer than two frames.
    """
    with open_container(path) as container:
        stream = _require_video(container, path)
        step = 1 / _nominal_rate(stream)
        has_audio = find_audio(container) is not None
        first = last = None
        count, picture = 0, None
        for packet in container.demux(stream):
            picture = picture or next(iter(_decode(packet)), None)
            time = packet_time(packet)
            if not packet.size or packet.is_discard:
                continue
            count += 1
            if time is not None:
                first = time if first is None else min(first, time)
                length = float(packet.duration * packet.time_base) if packet.duration else step
                last = time + length if last is None else max(last, time + length)
    if picture is None or count < 2:
        raise _too_few(path)
    if first is None:
        first, last = 0.0, count * step
    turned = _quarter_turns(picture) % 2
    return VideoInfo(
        duration_s=last - first,
        width=picture.height if turned else picture.width,
        height=picture.width if turned else picture.height,
        rotation=90 * _quarter_turns(picture),
        has_audio=has_audio,
        frame_rate=count / (last - first),
        start_s=first,
    )


def iterate_frames(
    path: str | os.PathLike, width: int, height: int
) -> Iterator[tuple[float, np.ndarray]]:
    """Decode a video in constant memory, scaled while it is decoded.

    Args:
        path: any video file.
        width, height: of the pictures wanted, in pixels; the picture is stretched to fill them.

    Yields:
        `(time, picture)`: presentation time in s, strictly ascending, 0 at the first frame, and
        grey uint8 `[height, width]`, turned as a player would show it. Damaged frames are missing.

    Raises:
        InputError: the file cannot be read, has no video stream or fewer than two frames.
    """
    with open_container(path) as container:
        stream = _require_video(container, path)
        stream.thread_type = "AUTO"
        scaler = VideoReformatter()  # a frame's own reformat() would set one up for each frame
        clock = _Clock(1 / _nominal_rate(stream))
        for packet in container.demux(stream):
            for frame in _decode(packet):
                turns = _quarter_turns(frame)
                size = (height, width) if turns % 2 else (width, height)
                grey = scaler.reformat(
                    frame, *size, "gray", interpolation="AREA", threads=1
                ).to_ndarray()
                yield clock.read(frame), np.ascontiguousarray(np.rot90(grey, turns))
    if clock.frames < 2:
        raise _too_few(path)


class _Clock:
    """Turns frame timestamps, in decoder order, into ascending times from 0."""

    def __init__(self, step: float):
        self._step = step
        self._offset = None
        self._last = -step
        self.frames = 0

    def read(self, frame: av.VideoFrame) -> float:
        self.frames += 1
        following = self._last + self._step
        if frame.time is None:
            self._last = following
            return following
        if self._offset is None or frame.time + self._offset < self._last - _JUMP:
            self._offset = following - frame.time
        time = frame.time + self._offset
        self._last = time if time > self._last else self._last + self._step / 100
        return self._last


def _require_video(container, path) -> av.VideoStream:
    stream = find_video(container)
    if stream is None:
        raise InputError(f"{path} has no video stream; give a file with moving pictures.")
    return stream


def _too_few(path) -> InputError:
    return InputError(f"{path} has fewer than two readable video frames; give a longer video.")


def _nominal_rate(stream: av.VideoStream) -> float:
    rate = stream.average_rate or stream.guessed_rate
    return float(rate) if rate and 0.01 < rate <= 1000 else _USUAL_RATE


def _decode(packet: av.Packet) -> list[av.VideoFrame]:
    try:
        return packet.decode()
    except av.FFmpegError:
        return []  # a damaged packet; the next ones may be sound


def _quarter_turns(frame: av.VideoFrame) -> int:
    """Counter-clockwise quarter turns that bring a stored picture upright."""
    return round(frame.rotation / 90) % 4
