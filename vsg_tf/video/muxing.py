"""A new sound under the unchanged pictures of a video."""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np

from vsg_tf.atomic import atomic_path, check_output
from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.audio.tracks import iterate_track
from vsg_tf.containers import find_video, local_address, open_container
from vsg_tf.errors import InputError
from vsg_tf.video.decoding import VideoInfo, probe_video

SUFFIXES = (".mp4", ".mov", ".mkv")
AAC_FRAME = 1024  # samples in one packet of AAC
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
_USUAL_RATE = 48000
_WRITE_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_LONGEST_REORDERING = 32  # packets; codecs reorder 16 pictures at most
_BITS_PER_SAMPLE = 4.0  # of one channel: 88 kbit/s at 22,050 Hz, 192 kbit/s at 48,000 Hz


def mux(
    video_path: str | os.PathLike,
    wav_path: str | os.PathLike,
    output_path: str | os.PathLike,
    overwrite: bool = False,
    keep_original_db: float | None = None,
) -> None:
    """Write a video with a new sound track, in constant memory.

    Picture packets are copied bit for bit with their times and rotation. The sound becomes AAC,
    trimmed or padded with silence to the video's duration; its sample 0 is heard with the first
    frame.

    Args:
        video_path: where the pictures come from.
        wav_path: the new sound, mono or stereo.
        output_path: .mp4, .mov or .mkv.
        overwrite: replace an existing file.
        keep_original_db: mix the video's own sound under the new one, amplified by this much;
            both are turned down where their sum would exceed -1 dB. None: leave it out.

    Raises:
        InputError: a file cannot be read or written, the suffix is none of the three, the
            container cannot hold the pictures, or there is no own sound to keep.
    """
    output_path = check_output(output_path, overwrite)
    suffix = output_path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"Cannot write {output_path}; end its name in {', '.join(SUFFIXES)}.")
    info = probe_video(video_path)
    if keep_original_db is not None and not info.has_audio:
        raise InputError(f"{video_path} has no sound of its own to keep; leave that option out.")
    sound = _Sound(video_path, wav_path, info.duration_s, keep_original_db)
    with atomic_path(output_path, overwrite) as temporary:
        _write(video_path, info, sound, temporary, suffix)


class _Sound:
    """The samples of the new track, block by block."""

    def __init__(self, video_path, wav_path, duration_s: float, keep_original_db: float | None):
        block, rate = next(iterate_track(wav_path, align=False), (None, 0))
        if block is None:
            raise InputError(f"{wav_path} holds no sound samples; export it again.")
        self._sources = [(wav_path, False, 1.0)]
        channels = len(block)
        if keep_original_db is not None:
            own, _ = next(iterate_track(video_path), (np.zeros((1, 0)), 0))
            channels = max(channels, len(own))
            self._sources.append((video_path, True, 10 ** (keep_original_db / 20)))
        self.rate = rate if rate in _AAC_RATES else _USUAL_RATE
        self.layout = "mono" if channels == 1 else "stereo"
        self._channels = min(channels, 2)
        self._blocks_wanted = -(-round(duration_s * self.rate) // AAC_FRAME)
        self._samples = round(duration_s * self.rate)
        self._gain = 1.0
        if keep_original_db is not None:
            peak = max((np.abs(block).max() for block in self.blocks()), default=0.0)
            self._gain = min(1.0, 10 ** (PEAK_CEILING_DB / 20) / max(peak, 1e-10))

    def blocks(self) -> Iterator[np.ndarray]:
        """Blocks `[channels, 1024]` float32 up to the duration; the last one may be shorter."""
        parts = [self._source(*source) for source in self._sources]
        left = self._samples
        for blocks in zip(*parts, strict=True):
            mixed = sum(blocks) * np.float32(self._gain)
            yield mixed[:, : min(left, AAC_FRAME)]
            left -= AAC_FRAME

    def _source(self, path, align: bool, gain: float) -> Iterator[np.ndarray]:
        """Exactly the blocks wanted of one file: cut, or filled with silence."""
        track = iterate_track(path, self.rate, self.layout, align)
        buffer = np.zeros((self._channels, 0), np.float32)
        for _ in range(self._blocks_wanted):
            while buffer.shape[1] < AAC_FRAME:
                block, _ = next(track, (None, 0))
                if block is None:
                    block = np.zeros((self._channels, AAC_FRAME), np.float32)
                buffer = np.concatenate([buffer, block], axis=1)
            yield buffer[:, :AAC_FRAME] * np.float32(gain)
            buffer = buffer[:, AAC_FRAME:]


def _write(video_path, info: VideoInfo, sound: _Sound, path: Path, suffix: str) -> None:
    try:
        with open_container(video_path) as source, av.open(local_address(path), "w") as target:
            pictures = find_video(source)
            copied = _start(source, target, pictures, sound, video_path, suffix)
            encoder = _encoded(target.streams.audio[0], sound)
            heard = 0.0
            for packet in _timed(source.demux(pictures)):
                offset = round(info.start_s / packet.time_base)
                packet.pts -= offset
                packet.dts -= offset
                seen = float(packet.dts * packet.time_base)
                while heard <= seen and (block := next(encoder, None)) is not None:
                    heard, packets = block
                    target.mux(packets)
                packet.stream = copied
                target.mux(packet)
            for _, packets in encoder:
                target.mux(packets)
    except av.FFmpegError as error:
        if error.errno in _WRITE_ERRORS:
            raise OSError(error.errno, os.strerror(error.errno)) from error
        raise InputError(
            f"The pictures of {video_path} cannot be copied ({error.strerror}); "
            "convert the video to H.264 in MP4 first."
        ) from error


def _start(source, target, pictures, sound: _Sound, video_path, suffix: str) -> av.VideoStream:
    """Make both streams and write the header."""
    try:
        copied = target.add_stream_from_template(pictures)
        copied.time_base = pictures.time_base
        audio = target.add_stream("aac", rate=sound.rate, layout=sound.layout)
        channels = 1 if sound.layout == "mono" else 2
        audio.bit_rate = int(_BITS_PER_SAMPLE * sound.rate * channels)
        target.start_encoding()
    except (av.FFmpegError, ValueError) as error:
        codec = pictures.codec_context.name
        other = "" if suffix == ".mkv" else "choose an output that ends in .mkv, or "
        raise InputError(
            f"A {suffix} file cannot hold the {codec} pictures of {video_path}; "
            f"{other}convert the video to H.264 first."
        ) from error
    return copied


def _encoded(stream: av.AudioStream, sound: _Sound) -> Iterator[tuple[float, list[av.Packet]]]:
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


def _timed(packets: Iterable[av.Packet]) -> Iterator[av.Packet]:
    """Packets with pictures, each with both its times.

    Matroska stores no decoding times, and FFmpeg knows them only from the packet on that fills
    its reordering buffer: those before get times that count back from there.
    """
    waiting = []
    for packet in packets:
        if not packet.size:
            continue
        waiting.append(packet)
        if packet.dts is not None or len(waiting) > _LONGEST_REORDERING:
            yield from _filled(waiting)
            waiting = []
    yield from _filled(waiting)


def _filled(packets: list[av.Packet]) -> list[av.Packet]:
    if not packets:
        return []
    last = packets[-1]
    if last.pts is None and last.dts is None:
        raise InputError("The video's packets carry no times; convert it to MP4 first.")
    end = last.dts if last.dts is not None else last.pts
    for before, packet in enumerate(reversed(packets)):
        if packet.dts is None:
            packet.dts = end - before * max(1, packet.duration or 0)
        if packet.pts is None:
            packet.pts = packet.dts
    return packets
