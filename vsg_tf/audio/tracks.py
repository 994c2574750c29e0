"""Audio streams of any container, decoded block by block."""

import os
from collections.abc import Iterator

import av
import numpy as np

from vsg_tf.containers import first_video_time, open_container
from vsg_tf.errors import InputError


def count_tracks(path: str | os.PathLike) -> int:
    """How many audio streams of a file can be decoded.

    Raises:
        InputError: the file cannot be opened.
    """
    with open_container(path) as container:
        return len(_tracks(container))


def iterate_track(
    path: str | os.PathLike,
    sample_rate: int | None = None,
    layout: str | None = None,
    align: bool = True,
    track: int = 1,
) -> Iterator[tuple[np.ndarray, int]]:
    """Decode an audio stream of a file in constant memory.

    Args:
        path: any audio or video file.
        sample_rate: wanted samples per second; None keeps the stream's own.
        layout: wanted channel layout, "mono" or "stereo"; None keeps the stream's own.
        align: where the file has moving pictures, sample 0 is their first frame: sound before
            it is dropped, a late start is filled with silence.
        track: which audio stream, counted from 1.

    Yields:
        Blocks `[channels, samples]` float32 and their samples per second.

    Raises:
        InputError: the file cannot be opened or has no such audio stream.
    """
    zero = first_video_time(path) if align else None
    with open_container(path) as container:
        tracks = _tracks(container)
        if not tracks:
            raise InputError(f"{path} has no audio stream; give a file with sound.")
        if not 1 <= track <= len(tracks):
            raise no_track(path, track, len(tracks))
        stream = tracks[track - 1]
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=sample_rate)
        skip = None
        for frame in _resampled(container, stream, resampler):
            block, rate = frame.to_ndarray(), frame.sample_rate
            if skip is None:
                start = frame.time
                skip = 0 if zero is None or start is None else round((zero - start) * rate)
                if skip < 0:
                    yield np.zeros((block.shape[0], -skip), np.float32), rate
                    skip = 0
            if skip >= block.shape[1]:
                skip -= block.shape[1]
                continue
            yield block[:, skip:], rate
            skip = 0


def no_track(path: str | os.PathLike, track: int, count: int) -> InputError:
    """What to say of a track that a file with `count` of them does not have."""
    name = "track" if count == 1 else "tracks"
    return InputError(
        f"{path} has {count} audio {name}, so that track {track} cannot be read; they count from 1."
    )


def _tracks(container: av.container.InputContainer) -> list[av.AudioStream]:
    return [stream for stream in container.streams.audio if stream.codec_context]


def _resampled(container, stream, resampler) -> Iterator[av.AudioFrame]:
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue  # a damaged packet; the next ones may be sound
        for frame in frames:
            yield from resampler.resample(frame)
    yield from resampler.resample(None)
