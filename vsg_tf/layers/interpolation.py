"""Reading sequences at fractional times."""

from keras import ops


def gather_time(x, indices):
    """Rows of each example by number.

    Args:
        x: `[B, T, C]`.
        indices: int32 `[B, N]`, each 0..T-1.

    Returns:
        `[B, N, C]`.
    """
    batch, length, channels = ops.shape(x)[0], ops.shape(x)[1], x.shape[-1]
    # Whole rows of a flat matrix: an index per row instead of the index per value that
    # take_along_axis would build.
    first_rows = ops.arange(batch, dtype="int32")[:, None] * length
    rows = ops.take(
        ops.reshape(x, (-1, channels)), ops.reshape(first_rows + indices, (-1,)), axis=0
    )
    return ops.reshape(rows, (batch, ops.shape(indices)[1], channels))


def interpolate_time(x, positions):
    """Linear interpolation along time.

    Args:
        x: `[B, T, C]`.
        positions: float32 `[B, N]` in frames of `x`; clipped to 0..T-1.

    Returns:
        `[B, N, C]` in the dtype of `x`.
    """
    last = ops.shape(x)[1] - 1
    positions = ops.clip(positions, 0.0, ops.cast(last, "float32"))
    below = ops.floor(positions)
    weight = ops.cast(positions - below, x.dtype)[:, :, None]
    below = ops.cast(below, "int32")
    above = ops.minimum(below + 1, last)
    return gather_time(x, below) * (1 - weight) + gather_time(x, above) * weight
