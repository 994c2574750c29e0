"""Writes small media files for tests."""

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 22050
CLOCK = Fraction(1, 120_000)  # finer than any of the frame times used


def hits(rate: int = RATE, seconds: float = 1.0, times: Sequence[float] = (0.1, 0.6)) -> np.ndarray:
    """Decaying bursts of noise at `times`, `[samples]` float64 within -1..1."""
    generator = np.random.default_rng(0)
    samples = np.zeros(round(rate * seconds))
    for time in times:
        start = round(time * rate)
        length = min(len(samples) - start, rate // 5)
        burst = generator.uniform(-0.8, 0.8, length) * np.exp(-np.arange(length) / (rate * 0.03))
        samples[start : start + length] += burst
    return np.clip(samples, -1, 1)


def picture(size: tuple[int, int], time: float, moving: bool = True) -> np.ndarray:
    """A bright square that swings over a fixed pattern, `[height, width, 3]` uint8."""
    width, height = size
    rows, columns = np.mgrid[:height, :width]
    grey = (60 + 40 * np.sin(columns / 5) * np.cos(rows / 4)).astype(np.uint8)
    side = max(2, min(size) // 4)
    x = int((width - side) * (0.5 + 0.5 * np.sin(6 * time if moving else 0.0)))
    grey[height // 3 : height // 3 + side, x : x + side] = 230
    return np.repeat(grey[..., None], 3, axis=2)


def write_video(
    path: Path,
    times: Sequence[float] = tuple(i / 25 for i in range(30)),
    size: tuple[int, int] = (96, 64),
    codec: str = "mpeg4",
    pixels: str | None = None,
    form: str | None = None,
    moving: bool = True,
    sound: bool = True,
    audio_codec: str = "aac",
    options: dict | None = None,
    sound_start: float | None = None,
) -> None:
    """Write pictures at `times` (s) and a second of hits that starts with them if not told."""
    clock = Fraction(1, 1000) if codec in ("gif", "mjpeg") else CLOCK
    if codec in ("mpeg4", "mpeg2video"):
        # These codecs know few rates; the container keeps the finer times.
        steps = np.diff(times).min() if len(times) > 1 else 0.04
        clock = Fraction(1, 25) if np.allclose(np.diff(times), 0.04) else Fraction(1, 6000)
        assert steps > 1 / 6000
    still = len(times) == 1 and codec == "png"
    with av.open(str(path), "w", format="image2" if still else form) as target:
        video = target.add_stream(codec, rate=round(1 / clock) if codec == "mpeg4" else 25)
        video.width, video.height = size
        video.pix_fmt = pixels or ("rgb24" if codec == "png" else "yuv420p")
        video.time_base = clock
        video.codec_context.time_base = clock
        video.options = options or {}
        audio = None
        if sound and not still:
            audio = target.add_stream(audio_codec, rate=48_000, layout="mono")
        for time in times:
            frame = av.VideoFrame.from_ndarray(picture(size, time, moving), format="rgb24")
            frame.pts, frame.time_base = round(time / clock), clock
            target.mux(video.encode(frame))
        if times:
            target.mux(video.encode(None))
        if audio is not None:
            first = times[0] if times else 0.0
            _encode_sound(target, audio, first if sound_start is None else sound_start)


def write_audio(path: Path, codec: str, rate: int = 44_100) -> None:
    """Write a second of hits with FFmpeg's encoder `codec`."""
    with av.open(str(path), "w") as target:
        stream = target.add_stream(codec, rate=rate, layout="mono")
        _encode_sound(target, stream)


def add_cover(path: Path) -> None:
    """Write an mp3 that carries a picture as its cover."""
    with av.open(str(path), "w") as target:
        audio = target.add_stream("mp3", rate=44_100, layout="mono")
        cover = target.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 32, 32, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        frame = av.VideoFrame.from_ndarray(picture((32, 32), 0.0), format="rgb24")
        target.mux(cover.encode(frame) + cover.encode(None))
        _encode_sound(target, audio)


def write_tracks(path: Path, tracks: Sequence[np.ndarray]) -> None:
    """Write sounds of one length as the tracks of a Matroska file."""
    with av.open(str(path), "w", format="matroska") as target:
        streams = [target.add_stream("pcm_s16le", rate=RATE, layout="mono") for _ in tracks]
        for stream, samples in zip(streams, tracks, strict=True):
            frame = av.AudioFrame.from_ndarray(
                (samples * 32767).astype(np.int16)[None], format="s16", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
            target.mux(stream.encode(frame) + stream.encode(None))


def write_wav_without_length(path: Path, length: int = 0xFFFFFFFF) -> None:
    """Write a wav whose length fields were never filled in, as after a loss of power."""
    samples = (hits() * 127 + 128).astype(np.uint8).tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE, 1, 8)
    data = struct.pack("<4sI", b"data", length) + samples
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", length, b"WAVE") + form + data)


def rotated_video(path: Path) -> None:
    """Write an MP4 whose display matrix turns its pictures a quarter clockwise."""
    write_video(path)
    data = bytearray(path.read_bytes())
    header = data.index(b"tkhd")  # the video track is written first
    one = 0x10000
    matrix = (0, one, 0, -one, 0, 0, 0, 0, 0x40000000)
    struct.pack_into(">9i", data, header + 4 + 40, *matrix)
    path.write_bytes(data)


def nothing(_: Path) -> None:
    """A path at which there is no file."""


def random_bytes(path: Path) -> None:
    """Write noise under any name."""
    path.write_bytes(np.random.default_rng(0).bytes(20_000))


def text(path: Path) -> None:
    """Write a page of text."""
    path.write_text("This is not a recording.\n" * 200)


def empty(path: Path) -> None:
    """Write a file of no bytes."""
    path.write_bytes(b"")


def cut_off(write: Callable[[Path], None], part: float) -> Callable[[Path], None]:
    """The same file, of which only the first `part` is left."""

    def build(path: Path) -> None:
        write(path)
        data = path.read_bytes()
        path.write_bytes(data[: max(1, int(len(data) * part))])

    return build


def damaged(write: Callable[[Path], None]) -> Callable[[Path], None]:
    """The same file with a twentieth of it, past its middle, overwritten."""

    def build(path: Path) -> None:
        write(path)
        data = bytearray(path.read_bytes())
        start, length = len(data) * 6 // 10, len(data) // 20
        data[start : start + length] = np.random.default_rng(1).bytes(length)
        path.write_bytes(data)

    return build


def playlist(path: Path) -> None:
    """Write a playlist that points to another address."""
    path.write_text("#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/segment.ts\n#EXT-X-ENDLIST\n")


def _encode_sound(target, stream, start: float = 0.0) -> None:
    rate = stream.rate
    samples = hits(rate).astype(np.float32)[None]
    size = stream.codec_context.frame_size or 1024
    for first in range(0, samples.shape[1], size):
        block = np.ascontiguousarray(samples[:, first : first + size])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, round(start * rate) + first
        target.mux(stream.encode(frame))
    target.mux(stream.encode(None))
