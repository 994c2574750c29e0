"""Videos that flash and click at the same moments, in the ways files come to be odd."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vsg_tf.audio.reading import Sound
from vsg_tf.video.clip import Clip

RATE = 48_000
FPS = 25
SIZE = (96, 64)
SECONDS = 8.0
FLASHES = (0.52, 1.4, 2.32, 3.6, 4.36, 5.2, 6.8, 7.4)  # s
REORDERED = {"bf": "3", "b_strategy": "0"}  # of libx264: B-frames that others need
PAUSED = tuple(np.cumsum([0.0, *[0.02, 0.06] * 48, *[6.0], *[0.04] * 4]).round(3))  # s
_FLASH = 0.08  # s
# A flash is no reason for a key frame.
_WITHOUT_CUTS = {
    "libx264": {"sc_threshold": "0"},
    "mpeg4": {"sc_threshold": "1000000000"},
    "mpeg2video": {"sc_threshold": "1000000000"},
}
_TICKS = Fraction(1, 12_000)


def flash_picture(time: float, size: tuple[int, int] = SIZE) -> np.ndarray:
    """`[height, width, 3]` uint8: white while it flashes, else a grey pattern that drifts."""
    width, height = size
    if any(0 <= time - flash + 1e-6 < _FLASH for flash in FLASHES):
        return np.full((height, width, 3), 235, np.uint8)
    columns = np.arange(width)[None, :, None] + 3 * time
    rows = np.arange(height)[:, None, None]
    return np.repeat((70 + 30 * np.sin(columns / 5) * np.cos(rows / 4)).astype(np.uint8), 3, 2)


def clicks(seconds: float = SECONDS, gain: float = 0.8) -> np.ndarray:
    """`[samples]` float32 with a short burst at each flash."""
    samples = np.zeros(round(seconds * RATE), np.float32)
    for flash in FLASHES:
        samples[round(flash * RATE) :][:200] = gain
    return samples


def write_flashes(
    path: Path,
    codec: str = "libx264",
    options: dict | None = None,
    *,
    pixels: str = "yuv420p",
    times: Sequence[float] | None = None,
    size: tuple[int, int] = SIZE,
    sound: bool = True,
    audio_codec: str = "aac",
    key_every: int = 50,
    seconds: float = SECONDS,
    prepare: Callable | None = None,
) -> Path:
    """Encode flashing pictures and, interleaved with them, their clicks.

    Args:
        path: its suffix tells the container.
        codec, options: of the pictures, as FFmpeg calls them.
        pixels: their format.
        times: s at which they come; None: 25 a second.
        size: width and height.
        sound: whether there is a sound.
        audio_codec: its codec.
        key_every: pictures between key frames.
        seconds: length, where there are no `times`.
        prepare: told the opened file and its streams before anything is written.
    """
    steady = times is None
    times = np.arange(round(seconds * FPS)) / FPS if steady else np.asarray(times)
    unit = Fraction(1, FPS) if steady else _TICKS
    with av.open(str(path), "w") as target:
        video = target.add_stream(
            codec, rate=FPS, options=_WITHOUT_CUTS.get(codec, {}) | (options or {})
        )
        video.width, video.height = size
        video.pix_fmt = pixels
        video.codec_context.gop_size = key_every
        if not steady:
            video.time_base = video.codec_context.time_base = unit
        audio = None
        if sound:
            audio = target.add_stream(audio_codec, rate=RATE, layout="mono")
        if prepare is not None:
            prepare(target, video, audio)
        packets = []
        for time in times:
            frame = av.VideoFrame.from_ndarray(flash_picture(time, size), format="rgb24")
            frame.pts, frame.time_base = round(time / unit), unit
            packets += video.encode(frame)
        packets += video.encode(None)
        if audio is not None:
            packets += _encoded_clicks(audio, float(times[-1]) + 1 / FPS)
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            target.mux(packet)
    return path


def _encoded_clicks(stream: av.AudioStream, seconds: float) -> list[av.Packet]:
    samples, packets = clicks(seconds)[None], []
    size = stream.codec_context.frame_size or 1024
    for first in range(0, samples.shape[1], size):
        block = np.ascontiguousarray(samples[:, first : first + size])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def copy_packets(
    source: Path, target: Path, keep: Callable[[int, av.Packet], bool], offset: float = 0.0
) -> Path:
    """Copy those packets that `keep` wants, told their number in their stream, `offset` s later."""
    with av.open(str(source)) as read, av.open(str(target), "w") as written:
        streams = {s.index: written.add_stream_from_template(s, opaque=True) for s in read.streams}
        counts = dict.fromkeys(streams, 0)
        for packet in read.demux():
            if not packet.size:
                continue
            number = counts[packet.stream_index]
            counts[packet.stream_index] += 1
            if keep(number, packet):
                ticks = round(offset / packet.time_base)
                packet.pts += ticks
                packet.dts = None if packet.dts is None else packet.dts + ticks
                packet.stream = streams[packet.stream_index]
                written.mux(packet)
    return target


def begin_between_key_frames(source: Path, target: Path) -> Path:
    """A recording whose first packets are gone, as of a receiver switched on at some moment."""
    if source.suffix == ".ts":  # packets of 188 bytes, of which no one knows what they hold
        data = source.read_bytes()
        target.write_bytes(data[len(data) // 188 * 27 // 200 * 188 :])
        return target

    def keep(number: int, packet: av.Packet) -> bool:
        late = packet.pts * packet.time_base >= 1.08
        return number >= 27 if packet.stream.type == "video" else late

    return copy_packets(source, target, keep)


def cut_with_edit_list(source: Path, target: Path, start: float) -> Path:
    """Cut at `start` s without encoding anew: earlier pictures are hidden by their times."""

    def keep(number: int, packet: av.Packet) -> bool:
        return packet.stream.type == "video" or packet.pts * packet.time_base >= start

    return copy_packets(source, target, keep, -start)


def pack_bitstream(source: Path, target: Path) -> Path:
    """MPEG-4 with one B-frame between others as DivX packs it: two in one packet, then a dummy.

    Args:
        source: AVI written with `mpeg4` and `bf` 1.
        target: AVI to write.
    """
    label = b"\0\0\1\xb2DivX503b1393p"
    with av.open(str(source)) as read, av.open(str(target), "w") as written:
        stream = read.streams.video[0]
        copied = written.add_stream_from_template(stream, opaque=True)
        header = stream.codec_context.extradata.partition(b"\0\0\1\xb2")[0]
        copied.codec_context.extradata = header + label
        pictures = [bytes(packet) for packet in read.demux(stream) if packet.size]
        before, _, rest = pictures[0].partition(b"\0\0\1\xb2")
        pictures[0] = before + label + rest[rest.index(b"\0\0\1") :]
        chunks = []
        for data in pictures:
            if _is_b_frame(data):
                chunks[-1] += data
                chunks.append(b"\0\0\1\xb6\x50\x00\x7f")
            else:
                chunks.append(data)
        for number, data in enumerate(chunks):
            packet = av.Packet(data)
            packet.pts = packet.dts = number
            packet.time_base = Fraction(1, FPS)
            packet.is_keyframe = number == 0
            packet.stream = copied
            written.mux(packet)
    return target


def _is_b_frame(data: bytes) -> bool:
    return data[data.index(b"\0\0\1\xb6") + 4] >> 6 == 2


def write_thumbnail_first(path: Path, thumbnails: int = 1) -> Path:
    """A track of one picture or a few before the real one."""
    with av.open(str(path), "w") as target:
        small = target.add_stream("mjpeg", rate=1)
        small.width, small.height, small.pix_fmt = 32, 32, "yuvj420p"
        video = target.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        for number in range(thumbnails):
            frame = av.VideoFrame.from_ndarray(flash_picture(0.0, (32, 32)), format="rgb24")
            frame.pts = number
            target.mux(small.encode(frame))
        for number in range(100):
            frame = av.VideoFrame.from_ndarray(flash_picture(number / FPS), format="rgb24")
            frame.pts = number
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
    return path


def seen(path: Path) -> np.ndarray:
    """Times in s at which a clip flashes."""
    with Clip.open(path) as clip:
        timed = [(time, picture.mean()) for time, picture in clip.frames(24, 16)]
    times, levels = np.array(timed).T
    assert (np.diff(times) > 0).all() and times[0] == 0
    return times[1:][np.diff((levels > 160).astype(int)) == 1]


def heard(sound: Sound) -> np.ndarray:
    """Times in s at which a sound clicks."""
    loud = np.flatnonzero(np.abs(sound.waveform[:, 0]) > 0.2 * np.abs(sound.waveform).max())
    return loud[np.insert(np.diff(loud) > sound.sample_rate // 5, 0, True)] / sound.sample_rate
