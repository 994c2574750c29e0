"""Broadcast WAV files of any length, written block by block in constant memory.

Beyond 4 GiB a file is RF64 (EBU Tech 3306): a chunk that was kept free at its beginning then
becomes `ds64`, which holds the sizes that no longer fit into 32 bits.
"""

import os
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vsg_tf.handover.samples import FLOAT, BitDepth, to_bytes
from vsg_tf.handover.wav_chunks import BroadcastInfo, Loudness, Marker, adtl, bext, chunk, cue, ixml

LARGEST_RIFF = 0xFFFFFFFF  # bytes after the first 8
_DS64 = 28  # bytes
_PCM, _IEEE_FLOAT = 1, 3


class WavWriter:
    """A WAV file that is being written; a context manager.

    Args:
        path: replaced if it exists; the caller makes it atomic.
        sample_rate: Hz.
        channels: 1 or 2.
        bit_depth: 16, 24, or 32 for floating point.
        info: what it says of itself.
        markers: places in it; beyond 4 G samples they are left out.
        largest_riff: above so many bytes it becomes RF64.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        sample_rate: int,
        channels: int,
        bit_depth: BitDepth,
        info: BroadcastInfo,
        markers: Sequence[Marker] = (),
        largest_riff: int = LARGEST_RIFF,
    ):
        self._shape = sample_rate, bit_depth, channels
        self._info = info
        self._largest = largest_riff
        self._frame_bytes = channels * bit_depth // 8
        self.samples = 0
        self._file = Path(path).open("wb")
        self._file.write(b"RIFF" + bytes(4) + b"WAVE" + chunk(b"JUNK", bytes(_DS64)))
        self._bext_at = self._file.tell()
        self._file.write(chunk(b"bext", bext(info, *self._shape)))
        self._file.write(chunk(b"iXML", ixml(info, *self._shape)))
        self._file.write(chunk(b"fmt ", self._format()))
        self._fact_at = None
        if bit_depth == FLOAT:
            self._fact_at = self._file.tell() + 8
            self._file.write(chunk(b"fact", bytes(4)))
        near = [marker for marker in markers if marker.sample < 1 << 32]
        if near:
            self._file.write(chunk(b"cue ", cue(near)) + chunk(b"LIST", adtl(near)))
        self._file.write(b"data" + bytes(4))
        self._data_at = self._file.tell()

    def __enter__(self) -> "WavWriter":
        return self

    def __exit__(self, kind, error, trace) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._file.close()

    def write(self, block: np.ndarray) -> None:
        """Add `[samples, channels]`; full scale is -1..1."""
        assert block.ndim == 2 and block.shape[1] == self._shape[2]
        self._file.write(to_bytes(block, self._shape[1]))
        self.samples += len(block)

    def measured(self, loudness: Loudness) -> None:
        """Say how loud the file is; before it is closed."""
        end = self._file.tell()
        self._file.seek(self._bext_at)
        info = replace(self._info, loudness=loudness)
        self._file.write(chunk(b"bext", bext(info, *self._shape)))
        self._file.seek(end)

    def _format(self) -> bytes:
        sample_rate, bit_depth, channels = self._shape
        tag = _IEEE_FLOAT if bit_depth == FLOAT else _PCM
        each_second = sample_rate * self._frame_bytes
        base = struct.pack(
            "<HHIIHH", tag, channels, sample_rate, each_second, self._frame_bytes, bit_depth
        )
        return base + (struct.pack("<H", 0) if bit_depth == FLOAT else b"")

    def _finish(self) -> None:
        data = self.samples * self._frame_bytes
        self._file.write(b"\0" * (data % 2))
        riff = self._file.tell() - 8
        large = riff > self._largest
        if large:
            self._put(0, b"RF64" + struct.pack("<I", 0xFFFFFFFF))
            sizes = struct.pack("<QQQI", riff, data, self.samples, 0)
            self._put(12, chunk(b"ds64", sizes))
        else:
            self._put(4, struct.pack("<I", riff))
        self._put(self._data_at - 4, struct.pack("<I", 0xFFFFFFFF if large else data))
        if self._fact_at is not None:
            self._put(self._fact_at, struct.pack("<I", min(self.samples, 0xFFFFFFFF)))

    def _put(self, position: int, content: bytes) -> None:
        self._file.seek(position)
        self._file.write(content)
