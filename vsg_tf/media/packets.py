"""The packets of a stream: what they say of time, read once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np

NO_TIME = np.iinfo(np.int64).min  # a packet that says nothing of a time


@dataclass(frozen=True)
class PacketTable:
    """All packets of a stream that hold data, in coding order.

    Args:
        unit: seconds in a tick.
        pts: `[packets]` int64, presentation times in ticks; `NO_TIME` where there is none.
        dts: the same for decoding times.
        duration: `[packets]` int64 ticks; 0 where it is not known.
        key: `[packets]` bool: decoding can begin here.
        hidden: `[packets]` bool: it is decoded for others' sake and not shown.
    """

    unit: Fraction
    pts: np.ndarray
    dts: np.ndarray
    duration: np.ndarray
    key: np.ndarray
    hidden: np.ndarray

    def __len__(self) -> int:
        return len(self.pts)


def read_packets(packets: Iterable[av.Packet], units: dict[int, Fraction]) -> list[PacketTable]:
    """Read packets to their end; a table for each stream in `units`, by index, in its order."""
    rows: dict[int, list[tuple]] = {index: [] for index in units}
    for packet in packets:
        index, pts, dts = packet.stream_index, packet.pts, packet.dts
        if index in rows:
            rows[index].append(
                (
                    NO_TIME if pts is None else pts,
                    NO_TIME if dts is None else dts,
                    packet.duration or 0,
                    packet.is_keyframe,
                    packet.is_discard,
                )
            )
    return [_table(unit, rows[index]) for index, unit in units.items()]


def _table(unit: Fraction, rows: list[tuple]) -> PacketTable:
    pts, dts, duration, key, hidden = np.array(rows, np.int64).reshape(-1, 5).T
    return PacketTable(unit, pts, dts, duration, key.astype(bool), hidden.astype(bool))


def demux(
    container: av.container.InputContainer, streams: Sequence[av.stream.Stream]
) -> Iterator[av.Packet]:
    """Packets with data in them, up to the end of the file or the damage that ends it."""
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError:
            return
        if packet is None:
            return
        if packet.size:  # an empty one, a picture left out in AVI, would end decoding
            yield packet


def decode(packet: av.Packet) -> list[av.frame.Frame]:
    """What a packet gives; nothing of a damaged one: the next ones may be sound."""
    try:
        return packet.decode()
    except av.FFmpegError:
        return []


def flush(stream: av.stream.Stream) -> list[av.frame.Frame]:
    """What the decoder still holds at the end."""
    try:
        return stream.codec_context.decode(None)
    except av.FFmpegError:
        return []
