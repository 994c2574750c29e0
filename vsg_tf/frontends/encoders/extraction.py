"""From pictures at a steady rate, through an encoder, to features on the grid."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.timebase import TimeBase

Encoder = Callable[[np.ndarray], np.ndarray]
DEVIATION_FLOOR = 1e-3  # added to deviations, so that what never changes is not blown up


def encode(
    frames: Iterable[tuple[float, np.ndarray]],
    encoder: Encoder,
    timebase: TimeBase,
    duration_s: float | None,
    *,
    rate: float,
    stack: int,
    batch: int,
    pool: Literal["none", "mean", "first"],
    normalise: Literal["none", "clip"],
    width: int,
    name: str,
) -> np.ndarray:
    """Features of pictures at a steady rate.

    Args:
        frames: `(time in s, uint8 picture)`, `rate` of them a second, the first at 0.
        encoder: stacks uint8 `[batch, stack, height, width(, channels)]` to `[batch, ..., width]`.
        timebase: the grids.
        duration_s: of the pictures; None: as many as there are.
        rate: pictures a second.
        stack: pictures that the encoder sees at once; those around each one, the first and the
            last repeated at the ends.
        batch: stacks at once.
        pool: what is taken of the axes between the first and the last.
        normalise: `clip`: zero mean and unit deviation of each value over the clip.
        width: values that are wanted.
        name: of the encoder, for errors.

    Returns:
        `[timebase.feature_frames_for(duration), width]` float32.

    Raises:
        InputError: fewer than two pictures, or the encoder gives another width, NaN or infinity.
    """
    rows = [
        _pooled(encoder(stacks), pool, width, len(stacks), name)
        for stacks in _batches(_stacks((picture for _, picture in frames), stack), batch)
    ]
    count = sum(map(len, rows))
    if count < 2:
        raise InputError("The video has fewer than two readable frames; give a longer video.")
    rows = np.concatenate(rows)
    if normalise == "clip":
        rows = (rows - rows.mean(0)) / (rows.std(0) + DEVIATION_FLOOR)
    seconds = count / rate if duration_s is None else duration_s
    return _on_grid(rows, rate, timebase, timebase.feature_frames_for(seconds))


def _stacks(pictures: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    """For each picture, those around it: `[size, height, width(, channels)]`."""
    before, after = (size - 1) // 2, size // 2
    window: deque[np.ndarray] = deque(maxlen=size)
    waiting = 0
    for picture in pictures:
        if not window:
            window.extend([picture] * before)
        window.append(picture)
        waiting += 1
        if waiting > after:
            yield np.stack(window)
    last = window[-1] if window else None
    missing = min(waiting, after)
    # A clip shorter than half a stack has not filled the window yet.
    for _ in range(size - len(window) - 1 if window else 0):
        window.append(last)
    for _ in range(missing):
        window.append(last)
        yield np.stack(window)


def _batches(stacks: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    batch = []
    for stack in stacks:
        batch.append(stack)
        if len(batch) == size:
            yield np.stack(batch)
            batch = []
    if batch:
        yield np.stack(batch)


def _pooled(values: np.ndarray, pool: str, width: int, batch: int, name: str) -> np.ndarray:
    """`[batch, ..., width]` to `[batch, width]` float32."""
    values = np.asarray(values)
    if values.ndim < 2 or values.shape[0] != batch or values.shape[-1] != width:
        raise InputError(
            f"{name} gives {values.shape} for {batch} inputs, but ({batch}, ..., {width}) is "
            "wanted; set width and output as the network has them."
        )
    values = values.reshape(batch, -1, width).astype(np.float32)
    if values.shape[1] > 1 and pool == "none":
        raise InputError(
            f"{name} gives {values.shape[1]} vectors for each input; set pool to mean or first."
        )
    values = values[:, 0] if pool == "first" else values.mean(axis=1)
    if not np.isfinite(values).all():
        raise InputError(f"{name} gives NaN or infinity; check its scale, mean and deviation.")
    return values


def _on_grid(rows: np.ndarray, rate: float, timebase: TimeBase, count: int) -> np.ndarray:
    """Rows at k / rate seconds, interpolated at the times of feature frames."""
    place = np.clip(timebase.feature_times(count) * rate, 0, len(rows) - 1)
    left = np.minimum(place.astype(int), len(rows) - 2)
    weight = (place - left).astype(np.float32)[:, None]
    return (rows[left] * (1 - weight) + rows[left + 1] * weight).astype(np.float32)
