"""Sounds that overlap, summed from left to right in constant memory."""

from collections.abc import Iterable, Iterator

import numpy as np

_BLOCK = 1 << 16  # samples


class Summing:
    """The sum of sounds that overlap, from left to right.

    Args:
        heard: first samples and `[samples, channels]`, in order of the first.
        channels: of all.
    """

    def __init__(self, heard: Iterable[tuple[int, np.ndarray]], channels: int):
        self._heard = iter(heard)
        self._next = next(self._heard, None)
        self._active: list[tuple[int, np.ndarray]] = []
        self._position, self._channels = 0, channels

    def until(self, stop: int) -> np.ndarray:
        """The sum from where the last call ended to the sample `stop`, float64."""
        total = np.zeros((stop - self._position, self._channels))
        while self._next is not None and self._next[0] < stop:
            self._active.append(self._next)
            self._next = next(self._heard, None)
        for start, sound in self._active:
            begin, end = max(start, self._position), min(start + len(sound), stop)
            part = sound[begin - start : end - start]
            total[begin - self._position : end - self._position] += part
        self._position = stop
        self._active = [(at, sound) for at, sound in self._active if at + len(sound) > stop]
        return total


def exactly(blocks: Iterable[np.ndarray], samples: int, channels: int) -> Iterator[np.ndarray]:
    """The first `samples` samples of `blocks`, and silence for what they lack."""
    left = samples
    for block in blocks:
        if left <= 0:
            return
        yield block[:left]
        left -= len(block)
    while left > 0:
        yield np.zeros((min(left, _BLOCK), channels), np.float32)
        left -= _BLOCK
