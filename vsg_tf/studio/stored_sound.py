"""A sound on disk that can be read at any place, and its peaks at any zoom."""

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

PEAK_SAMPLES = 256  # samples that the finest stored peaks cover
_BLOCK = 1 << 20  # samples read at a time


class StoredSound:
    """Samples in a file without a header, as float32.

    Args:
        path: of the file, which is there.
        sample_rate: samples per second.
        channels: of it.

    Attributes:
        samples: how many there are.
        peaks: lowest and highest value of each 256 samples over all channels, `[windows, 2]`
            float32.
    """

    def __init__(self, path: Path, sample_rate: int, channels: int):
        self.path, self.sample_rate, self.channels = path, sample_rate, channels
        self.samples = path.stat().st_size // (4 * channels)
        self.peaks = self._measure()

    @classmethod
    def write(
        cls, path: Path, blocks: Iterable[np.ndarray], sample_rate: int, channels: int
    ) -> "StoredSound":
        """Store consecutive blocks `[samples, channels]`; the file appears when it is whole.

        Raises:
            OSError: it cannot be written, for example because the disk is full.
        """
        partial = path.with_suffix(".part")
        try:
            with partial.open("wb") as file:
                for block in blocks:
                    file.write(np.ascontiguousarray(block, np.float32))
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
        return cls(path, sample_rate, channels)

    def read(self, first: int, count: int) -> np.ndarray:
        """Samples from `first` on, `[up to count, channels]` float32."""
        first = min(max(first, 0), self.samples)
        count = min(max(count, 0), self.samples - first)
        with self.path.open("rb") as file:
            file.seek(4 * self.channels * first)
            values = np.fromfile(file, np.float32, count * self.channels)
        return values.reshape(-1, self.channels)

    def peaks_between(self, first: int, count: int, bins: int) -> np.ndarray:
        """Lowest and highest value of equal parts of a stretch, `[bins, 2]` float32.

        Args:
            first, count: the stretch in samples; beyond the sound it is 0.
            bins: parts.
        """
        edges = first + np.arange(bins + 1, dtype=np.int64) * count // bins
        if count // max(bins, 1) < PEAK_SAMPLES:
            values = self.read(first, count)
            low, high = values.min(axis=1, initial=1e9), values.max(axis=1, initial=-1e9)
            begin = max(first, 0)
        else:
            edges //= PEAK_SAMPLES
            low, high = self.peaks[:, 0], self.peaks[:, 1]
            begin = 0
        found = np.zeros((bins, 2), np.float32)
        starts = np.maximum(edges[:-1] - begin, 0)
        stops = np.minimum(np.maximum(edges[1:], edges[:-1] + 1) - begin, len(low))
        for index, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            if start < stop:
                found[index] = low[start:stop].min(), high[start:stop].max()
        return found

    def _measure(self) -> np.ndarray:
        parts = []
        step = _BLOCK - _BLOCK % PEAK_SAMPLES
        for first in range(0, self.samples, step):
            block = self.read(first, step)
            missing = -len(block) % PEAK_SAMPLES
            block = np.pad(block, ((0, missing), (0, 0)))
            windows = block.reshape(len(block) // PEAK_SAMPLES, -1)
            parts.append(np.stack([windows.min(axis=1), windows.max(axis=1)], axis=1))
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)
