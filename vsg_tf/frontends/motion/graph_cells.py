"""`vsg_tf.frontends.motion.cells.MotionMeter` as a graph: what is measured between two frames."""

import tensorflow as tf

from vsg_tf.frontends.motion import cells as settings
from vsg_tf.frontends.motion.graph_flow import dense_flow
from vsg_tf.frontends.motion.layout import CELL_QUANTITIES, CELLS, GRID, HEIGHT, WIDTH

_EVERY = 3  # pixels of which the camera's motion is the median
_SOBEL_SCALE = 0.125

# Flow and its speed with the camera's motion removed, and the camera's motion, of the last pair.
LAST_SPECS = (
    tf.TensorSpec([1, HEIGHT, WIDTH, 2], tf.float32),
    tf.TensorSpec([1, 2], tf.float32),
)


def measure(
    before: tf.Tensor, after: tf.Tensor, step: tf.Tensor, last: tuple, first: tf.Tensor
) -> tuple[tf.Tensor, tuple]:
    """Quantities at the second frame of each pair of consecutive frames.

    Args:
        before, after: grey `[pairs, 64, 96]` uint8.
        step: seconds between them, `[pairs]` float64.
        last: of the pair before these, as returned; any values where `first`.
        first: whether no pair is before these.

    Returns:
        `[pairs, 234]` float32, and what the next call needs as `last`.
    """
    step = tf.clip_by_value(step, settings.SHORTEST_STEP, settings.LONGEST_STEP)
    scale = tf.cast(step * WIDTH, tf.float32)
    flow = dense_flow(before, after) / scale[:, None, None, None]
    camera = _median(tf.reshape(flow, [-1, HEIGHT * WIDTH, 2])[:, ::_EVERY])
    moving = flow - camera[:, None, None]
    speed = tf.norm(moving, axis=-1)
    last_moving = tf.where(first, moving[:1], last[0])
    last_camera = tf.where(first, camera[:1], last[1])
    moving_before = tf.concat([last_moving, moving[:-1]], axis=0)
    acceleration = tf.norm(moving - moving_before, axis=-1)
    bright = tf.cast(after, tf.float32)
    unit = tf.cast(255 * step / settings.USUAL_STEP, tf.float32)[:, None, None]
    change = (bright - tf.cast(before, tf.float32)) / unit
    difference = tf.abs(change)
    edges = tf.image.sobel_edges(moving) * _SOBEL_SCALE  # [..., x and y, along y and x]
    cell = tf.stack(
        [
            _mean(difference),
            _mean(change),
            _loudest(tf.maximum(change, 0.0), 0.05),
            _mean(tf.norm(flow, axis=-1)),
            _mean(speed),
            _loudest(speed, 0.1),
            _mean(moving[..., 0]),
            _mean(moving[..., 1]),
            _mean(edges[..., 0, 1] + edges[..., 1, 0]),
            _mean(acceleration),
            _mean(speed - tf.norm(moving_before, axis=-1)),
            _mean(bright) / 255,
            _mean(tf.cast(after > settings.WHITE, tf.float32)),
            _mean(edges[..., 1, 1] - edges[..., 0, 0]),
        ],
        axis=2,
    )
    cell_acceleration = cell[:, :, CELL_QUANTITIES.index("acceleration")]
    mean_difference = tf.reduce_mean(difference, axis=[1, 2])
    whole = tf.stack(
        [
            camera[:, 0],
            camera[:, 1],
            tf.norm(camera, axis=-1),
            tf.norm(camera - tf.concat([last_camera, camera[:-1]], axis=0), axis=-1),
            tf.reduce_mean(cell[:, :, CELL_QUANTITIES.index("luma")], axis=1),
            tf.reduce_mean(change, axis=[1, 2]),
            _top(tf.reshape(speed, [-1, HEIGHT * WIDTH]), 0.05),
            _top(tf.reshape(difference, [-1, HEIGHT * WIDTH]), 0.05),
            tf.reduce_mean(tf.math.top_k(cell_acceleration, 2).values, axis=1),
            tf.cast(mean_difference > settings.CUT, tf.float32),
        ],
        axis=1,
    )
    rows = tf.concat([tf.reshape(cell, [-1, CELLS * len(CELL_QUANTITIES)]), whole], axis=1)
    return rows, tuple(
        tf.ensure_shape(value[-1:], spec.shape)
        for value, spec in zip((moving, camera), LAST_SPECS, strict=True)
    )


def _median(values: tf.Tensor) -> tf.Tensor:
    """Median over axis 1, of which the length is fixed and even."""
    middle = values.shape[1] // 2
    ordered = tf.sort(values, axis=1)
    return (ordered[:, middle - 1] + ordered[:, middle]) / 2


def _tiles(pictures: tf.Tensor) -> tf.Tensor:
    """`[pairs, 64, 96]` to the pixels of each cell, `[pairs, 16, 384]`."""
    tiles = tf.reshape(pictures, [-1, GRID, HEIGHT // GRID, GRID, WIDTH // GRID])
    tiles = tf.transpose(tiles, [0, 1, 3, 2, 4])
    return tf.reshape(tiles, [-1, CELLS, HEIGHT * WIDTH // CELLS])


def _mean(pictures: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(_tiles(pictures), axis=2)


def _loudest(pictures: tf.Tensor, fraction: float) -> tf.Tensor:
    return _top(_tiles(pictures), fraction)


def _top(values: tf.Tensor, fraction: float) -> tf.Tensor:
    """Mean over the largest `fraction` of the last axis."""
    count = max(1, int(values.shape[-1] * fraction))
    return tf.reduce_mean(tf.math.top_k(values, count, sorted=False).values, axis=-1)
