"""A file that is opened once and read from its start as often as wanted."""

import contextlib
import itertools
import os
from collections.abc import Iterator, Sequence

import av

from vsg_tf.containers import open_media
from vsg_tf.media.packets import demux

_BEFORE_ALL = -(1 << 40)  # ticks
_HEAD = 64  # packets by which the start of a file is known again


class MediaFile:
    """An opened file; its streams are named by their indices.

    A pass uses the container that was opened first. Where that is in use by another pass, or cannot
    be wound back, or a decoder with other settings is wanted, the file is opened another time.

    Args:
        path: of the file.

    Raises:
        InputError: as `vsg_tf.containers.open_media`.
    """

    def __init__(self, path: str | os.PathLike):
        self.path = path
        self.container = _opened(path)
        self._left: list[av.container.InputContainer] = []  # their streams may still be held
        self._busy = self._closed = False
        self._head: list[tuple] | None = None

    def close(self) -> None:
        """Close the file; passes that are under way end as if it did."""
        self._closed = True
        for container in (self.container, *self._left):
            container.close()

    @contextlib.contextmanager
    def reading(
        self, indices: Sequence[int], fresh: bool = False
    ) -> Iterator[tuple[av.container.InputContainer, Iterator[av.Packet]]]:
        """One pass over the file, from its start.

        Args:
            indices: of the streams wanted.
            fresh: with decoders that nobody has used, so that they take options.

        Yields:
            The container, and the streams' packets in the order of the file.
        """
        if fresh or self._busy:
            with _opened(self.path) as container:
                yield container, _packets(container, indices)
            return
        self._busy = True
        try:
            packets = self._from_start(indices)
            yield self.container, self._while_open(packets)
        finally:
            self._busy = False

    def _from_start(self, indices: Sequence[int]) -> Iterator[av.Packet]:
        if self._head is None:
            self._head = []
            return self._remembered(_packets(self.container, indices))
        wanted = [head for head in self._head if head[0] in indices]
        for by_byte in (False, True):
            try:
                self._wind_back(by_byte)
            except av.FFmpegError:
                continue
            packets = _packets(self.container, indices)
            start = list(itertools.islice(packets, len(wanted)))
            if [_identity(packet) for packet in start] == wanted:
                return itertools.chain(start, packets)
        self._left.append(self.container)
        self.container = _opened(self.path)
        return _packets(self.container, indices)

    def _while_open(self, packets: Iterator[av.Packet]) -> Iterator[av.Packet]:
        while not self._closed and (packet := next(packets, None)) is not None:
            yield packet

    def _remembered(self, packets: Iterator[av.Packet]) -> Iterator[av.Packet]:
        for packet in packets:
            if len(self._head) < _HEAD:
                self._head.append(_identity(packet))
            yield packet

    def _wind_back(self, by_byte: bool) -> None:
        stream = self.container.streams[self._head[0][0] if self._head else 0]
        if by_byte:
            self.container.seek(0, stream=stream, unsupported_byte_offset=True)
        else:
            self.container.seek(_BEFORE_ALL, stream=stream, any_frame=True)


def _opened(path: str | os.PathLike) -> av.container.InputContainer:
    container = open_media(path)
    for stream in container.streams.video:
        if stream.codec_context:
            stream.thread_type = "AUTO"
    return container


def _packets(container: av.container.InputContainer, indices: Sequence[int]) -> Iterator[av.Packet]:
    return demux(container, [container.streams[index] for index in indices])


def _identity(packet: av.Packet) -> tuple:
    time = packet.dts if packet.pts is None else packet.pts
    return packet.stream_index, packet.size, time
