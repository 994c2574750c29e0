"""Overlapping chunks along time, and their seamless joining, one block at a time.

Everything here is streaming: at most one chunk and one overlap are held, so that memory does not
grow with the length of the clip.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Chunk:
    """Frames `start <= frame < stop`."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def scaled(self, factor: int) -> "Chunk":
        """The same chunk on a grid with `factor` times as many frames."""
        return Chunk(self.start * factor, self.stop * factor)


def plan_chunks(total: int, size: int, overlap: int) -> list[Chunk]:
    """Cover `total` frames with chunks of nearly equal length, at most `size`.

    Neighbours share at least `overlap` frames, and no chunk shares frames with any but its
    neighbours.

    Raises:
        ValueError: `overlap` is not below half of `size`.
    """
    if not 0 <= overlap < size / 2:
        raise ValueError("overlap must be below half of size")
    if total <= size:
        return [Chunk(0, total)]
    count = -(-(total - overlap) // (size - overlap))
    starts = [round(i * (total - size) / (count - 1)) for i in range(count)]
    return [Chunk(start, start + size) for start in starts]


def join_chunks(
    blocks: Iterable[tuple[Chunk, np.ndarray]], margin: int = 0
) -> Iterator[np.ndarray]:
    """Cross-fade neighbouring chunks linearly over the frames they share.

    Args:
        blocks: chunks of a plan in order, each with its values `[frames, ...]`.
        margin: frames at both ends of a stretch that is shared, below half of it, in which the
            chunk that ends or begins there is not used.

    Yields:
        Consecutive pieces that add up to the whole, `[some frames, ...]`.
    """
    held: np.ndarray | None = None
    position = 0  # frame at which `held` begins
    for chunk, values in blocks:
        if held is None:
            held, position = values, chunk.start
            continue
        shared = position + len(held) - chunk.start
        yield held[: len(held) - shared]
        steps = np.arange(shared, dtype=np.float32) + 1 - margin
        rise = np.clip(steps / (shared + 1 - 2 * margin), 0, 1)
        rise = rise.reshape(-1, *[1] * (values.ndim - 1))
        mixed = held[len(held) - shared :] * (1 - rise) + values[:shared] * rise
        held, position = np.concatenate([mixed, values[shared:]]), chunk.start
    if held is not None:
        yield held


def window_frames(pieces: Iterable[np.ndarray], plan: list[Chunk]) -> Iterator[np.ndarray]:
    """Regroup consecutive pieces of a stream into the overlapping windows of `plan`.

    Args:
        pieces: consecutive `[some frames, ...]` arrays that add up to the plan's total.
        plan: chunks from `plan_chunks`.

    Yields:
        One `[len(chunk), ...]` array a chunk.
    """
    source = iter(pieces)
    buffer: np.ndarray | None = None
    position = 0
    for chunk in plan:
        while buffer is None or position + len(buffer) < chunk.stop:
            piece = next(source)
            buffer = piece if buffer is None else np.concatenate([buffer, piece])
        buffer, position = buffer[chunk.start - position :], chunk.start
        yield buffer[: len(chunk)]


def join_waveforms(
    blocks: Iterable[tuple[Chunk, np.ndarray]], hop: int, fade: int
) -> Iterator[np.ndarray]:
    """Join waveforms of overlapping mel windows where the shared stretch is quietest.

    The phases of two windows are independent, so a long cross-fade would comb; a short
    equal-power fade at the quietest place of the overlap cannot be heard.

    Args:
        blocks: windows in mel frames, each with its waveform `[frames * hop]`.
        hop: samples a mel frame.
        fade: samples of the cross-fade; shorter than every overlap.

    Yields:
        Consecutive pieces of the waveform, `[some samples]` float32.
    """
    held: np.ndarray | None = None
    position = 0
    angle = (np.arange(fade, dtype=np.float32) + 0.5) / fade * (np.pi / 2)
    for chunk, waveform in blocks:
        if held is None:
            held, position = waveform, chunk.start * hop
            continue
        first = chunk.start * hop - position  # where the overlap begins in `held`
        shared = len(held) - first
        power = held[first:] ** 2 + waveform[:shared] ** 2
        sums = np.convolve(power, np.ones(fade), mode="valid")
        cut = int(np.argmin(sums))
        mixed = held[first + cut : first + cut + fade] * np.cos(angle) + waveform[
            cut : cut + fade
        ] * np.sin(angle)
        yield held[: first + cut]
        held = np.concatenate([mixed.astype(np.float32), waveform[cut + fade :]])
        position = chunk.start * hop + cut
    if held is not None:
        yield held
