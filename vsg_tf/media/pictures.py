"""The stream of pictures of a file: found, timed, and its first picture looked at."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

from vsg_tf.media.clock import (
    PictureClock,
    check_restarts,
    first_decodable,
    make_clock,
    needs_order,
    ordered_times,
    tells_times,
)
from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.packets import decode, flush, read_packets
from vsg_tf.media.streams import choose_pictures, moving_streams

_USUAL_RATE = Fraction(25)  # pictures per second assumed where a file does not say


@dataclass(frozen=True)
class PictureStream:
    """The moving pictures of a file.

    Args:
        index: of the stream.
        codec: FFmpeg's name of it, not of a decoder.
        clock: when each is shown.
        width, height: as stored, in pixels.
        turns: counter-clockwise quarter turns that bring them upright.
        frame_rate: pictures per second: exact where they come steadily, else their mean.
        steady: whether they do.
    """

    index: int
    codec: str
    clock: PictureClock
    width: int
    height: int
    turns: int
    frame_rate: Fraction
    steady: bool


def find_pictures(file: MediaFile) -> PictureStream | None:
    """Read a file's packets and look at its first picture; None: fewer than two can be seen.

    Raises:
        InputError: the clock starts again on the way.
    """
    streams = moving_streams(file.container)
    if not streams:
        return None
    others = [s.index for s in file.container.streams.audio if s.codec_context]
    indices = [stream.index for stream in streams]
    with file.reading([*indices, *others]) as (container, packets):
        tables = read_packets(packets, {i: container.streams[i].time_base for i in indices})
    chosen = choose_pictures(tables)
    index, table = indices[chosen], tables[chosen]
    if len(table) < 2:
        return None
    check_restarts(file.path, table)
    stream = file.container.streams[index]
    form, codec = file.container.format.name, stream.codec_context.codec.canonical_name
    step = 1 / (_nominal_rate(stream) * table.unit)
    first = first_decodable(table)
    pts = table.pts
    if needs_order(table, form, codec):
        picture, displayed = _decoding_order(file, index, first)
        if picture is None:
            return None
        pts = ordered_times(table, displayed, step, tells_times(form))
        start = int(pts[displayed[0]])
    else:
        picture = _first_picture(file, index, first)
        if picture is None:
            return None
        start = int(pts[first:].min()) if picture.pts is None else picture.pts
    clock = make_clock(table, pts, first, start, step)
    rate = _steady_rate(stream, clock)
    if clock.shown.sum() < 2:
        return None
    return PictureStream(
        index=index,
        codec=codec,
        clock=clock,
        width=picture.width,
        height=picture.height,
        turns=quarter_turns(picture),
        frame_rate=rate or _mean_rate(clock),
        steady=rate is not None,
    )


def quarter_turns(picture: av.VideoFrame) -> int:
    """Counter-clockwise quarter turns that bring a stored picture upright."""
    return round(picture.rotation / 90) % 4


def decode_pictures(
    packets: Iterator[av.Packet], stream: av.VideoStream, first: int, times: np.ndarray
) -> Iterator[av.VideoFrame]:
    """Decode a stream of pictures from a packet on; each comes with the time of its packet.

    Args:
        packets: of the stream alone, from its start.
        stream: theirs.
        first: index of the packet to begin at.
        times: `[packets]` int64 presentation time to be given to each packet, in any unit.
    """
    packets = itertools.islice(zip(packets, times, strict=False), first, None)
    for packet, time in packets:
        packet.pts = int(time)
        yield from decode(packet)
    yield from flush(stream)


def _first_picture(file: MediaFile, index: int, first: int) -> av.VideoFrame | None:
    with file.reading([index]) as (container, packets):
        stream = container.streams[index]
        for packet in itertools.islice(packets, first, None):
            if frames := decode(packet):
                return frames[0]
        return next(iter(flush(stream)), None)


def _decoding_order(
    file: MediaFile, index: int, first: int
) -> tuple[av.VideoFrame | None, list[int]]:
    """The first picture, and the indices of packets in the order in which pictures are shown."""
    picture, displayed = None, []
    with file.reading([index], fresh=True) as (container, packets):
        stream = container.streams[index]
        if stream.codec_context.name == "h264":  # waits for as many as may be reordered
            stream.codec_context.options = {"strict": "strict"}
        for frame in decode_pictures(packets, stream, first, itertools.count()):
            picture = picture or frame
            if frame.pts is not None:
                displayed.append(frame.pts)
    return picture, displayed


def _nominal_rate(stream: av.VideoStream) -> Fraction:
    rate = stream.average_rate or stream.guessed_rate
    return rate if rate and 0.01 < rate <= 1000 else _USUAL_RATE


def _steady_rate(stream: av.VideoStream, clock: PictureClock) -> Fraction | None:
    """The rate by which all pictures come, but for the rounding of ticks; None: they do not."""
    shown = np.sort(clock.pts[clock.shown]) - clock.start
    number = np.arange(len(shown))
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and np.abs(shown - number * float(1 / (rate * clock.unit))).max() <= 1.0:
            return rate
    return None


def _mean_rate(clock: PictureClock) -> Fraction:
    return Fraction(int(clock.shown.sum())) / ((clock.end - clock.start) * clock.unit)
