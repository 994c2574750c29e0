"""Dense inverse search optical flow as a graph: OpenCV's `DISOpticalFlow`, preset ultrafast.

Kroeger et al., "Fast optical flow using dense inverse search", ECCV 2016. The motion front end's
pictures of 96 x 64 are searched at a quarter and at half of their size, in patches of 8 pixels
every 4, with the neighbour's vector as a candidate, twice: rightwards, then leftwards. At these
sizes each row of patches is one of OpenCV's stripes, between which nothing propagates, so that
rows and pairs of pictures run side by side and only the columns one after another.
"""

import tensorflow as tf

PATCH, STRIDE, BORDER = 8, 4, 16  # pixels
DESCENT_STEPS = 6  # of each of the two passes
LEVELS = 2  # halvings of the coarsest level; the finest searched is halved once
_SMALLEST_DETERMINANT = 1e-3
_INSIDE = 1e-3  # pixels from the last row and column
_PIXELS = PATCH * PATCH


def dense_flow(before: tf.Tensor, after: tf.Tensor) -> tf.Tensor:
    """Motion of each pixel between grey pictures.

    Args:
        before, after: `[pairs, 64, 96]` uint8.

    Returns:
        `[pairs, 64, 96, 2]` float32: pixels to the right and down.
    """
    pyramid = [(_halved(before), _halved(after))]
    for _ in range(LEVELS - 1):
        pyramid.append(tuple(_halved(picture) for picture in pyramid[-1]))
    flow = None
    for level in reversed(pyramid):
        first, second = (tf.cast(picture, tf.float32) for picture in level)
        pairs, height, width = tf.shape(first)[0], *first.shape[1:]
        if flow is None:
            flow = tf.zeros(tf.stack([pairs, height, width, 2]))
        else:
            flow = 2 * tf.image.resize(flow, (height, width))
        flow = _densify(first, second, _search(first, second, flow))
    return 2 * tf.image.resize(flow, before.shape[1:])


def _halved(pictures: tf.Tensor) -> tf.Tensor:
    """Means of 2 x 2 pixels, halves rounded up, uint8."""
    _, height, width = pictures.shape
    tiles = tf.reshape(tf.cast(pictures, tf.int32), [-1, height // 2, 2, width // 2, 2])
    return tf.cast((tf.reduce_sum(tiles, axis=[2, 4]) + 2) // 4, tf.uint8)


def _patches(values: tf.Tensor) -> tf.Tensor:
    """`[pairs, height, width]` to `[columns, pairs, rows, 64]`."""
    sizes, strides = [1, PATCH, PATCH, 1], [1, STRIDE, STRIDE, 1]
    found = tf.image.extract_patches(values[..., None], sizes, strides, [1, 1, 1, 1], "VALID")
    return tf.transpose(found, [2, 0, 1, 3])


class _Target:
    """The second picture, read at patches that are moved by fractions of a pixel."""

    def __init__(self, picture: tf.Tensor, rows: int):
        self.height, self.width = picture.shape[1:]
        row = tf.clip_by_value(tf.range(-BORDER, self.height + BORDER), 0, self.height - 1)
        column = tf.clip_by_value(tf.range(-BORDER, self.width + BORDER), 0, self.width - 1)
        extended = tf.gather(tf.gather(picture, row, axis=1), column, axis=2)
        self._stride = self.width + 2 * BORDER
        self._flat = tf.reshape(extended, [-1])
        size = (self.height + 2 * BORDER) * self._stride
        self._pair = tf.range(tf.shape(picture)[0])[:, None] * size
        self._top = tf.range(rows, dtype=tf.float32)[None] * STRIDE + BORDER
        reach = tf.range(PATCH + 1)
        self._reach = tf.reshape(reach[:, None] * self._stride + reach[None], [-1])

    def read(self, column: tf.Tensor, vectors: tf.Tensor) -> tf.Tensor:
        """Patches of one column moved by `vectors` `[pairs, rows, 2]`, `[pairs, rows, 64]`."""
        left = tf.cast(column * STRIDE + BORDER, tf.float32)
        least, most = BORDER - PATCH + 1.0, BORDER - 1.0
        x = tf.clip_by_value(left + vectors[..., 0], least, most + self.width)
        y = tf.clip_by_value(self._top + vectors[..., 1], least, most + self.height)
        x_whole, y_whole = tf.floor(x), tf.floor(y)
        right, down = (x - x_whole)[..., None, None], (y - y_whole)[..., None, None]
        first = tf.cast(y_whole, tf.int32) * self._stride + tf.cast(x_whole, tf.int32)
        index = (first + self._pair)[..., None] + self._reach
        pixels = tf.gather(self._flat, index)
        pixels = tf.reshape(pixels, tf.concat([tf.shape(x), [PATCH + 1, PATCH + 1]], axis=0))
        upper = pixels[..., :-1, :-1] * (1 - right) + pixels[..., :-1, 1:] * right
        lower = pixels[..., 1:, :-1] * (1 - right) + pixels[..., 1:, 1:] * right
        moved = upper * (1 - down) + lower * down
        return tf.reshape(moved, tf.concat([tf.shape(x), [_PIXELS]], axis=0))


def _search(first: tf.Tensor, second: tf.Tensor, flow: tf.Tensor) -> tf.Tensor:
    """Vectors of all patches, `[columns, pairs, rows, 2]`, beginning with a dense `flow`."""
    gradients = tf.image.sobel_edges(first[..., None])[..., 0, :]
    template, down, right = (_patches(v) for v in (first, gradients[..., 0], gradients[..., 1]))
    middle = flow[:, PATCH // 2 :: STRIDE, PATCH // 2 :: STRIDE]
    columns, rows = template.shape[0], template.shape[2]
    vectors = tf.transpose(middle[:, :rows, :columns], [2, 0, 1, 3])
    target = _Target(second, rows)
    xx, yy, xy = (
        tf.reduce_sum(a * b, axis=-1) for a, b in ((right, right), (down, down), (right, down))
    )
    determinant = xx * yy - xy * xy
    small = tf.abs(determinant) < _SMALLEST_DETERMINANT
    determinant = tf.where(small, _SMALLEST_DETERMINANT, determinant)
    inverse = tf.stack([yy, -xy, xx], axis=-1) / determinant[..., None]
    sums = tf.stack([tf.reduce_sum(right, axis=-1), tf.reduce_sum(down, axis=-1)], axis=-1)

    def column_search(column, start, neighbour):
        def compare(candidate):
            difference = target.read(column, candidate) - template[column]
            total = tf.reduce_sum(difference, axis=-1)
            error = tf.reduce_sum(tf.square(difference), axis=-1) - total * total / _PIXELS
            return difference, total, error

        better = compare(neighbour)[2] < compare(start)[2]
        start = tf.where(better[..., None], neighbour, start)

        def descend(step, vector, last_error, active):
            difference, total, error = compare(vector)
            slope = tf.stack(
                [
                    tf.reduce_sum(difference * right[column], axis=-1),
                    tf.reduce_sum(difference * down[column], axis=-1),
                ],
                axis=-1,
            )
            slope -= total[..., None] * sums[column] / _PIXELS
            a, b, c = tf.unstack(inverse[column], axis=-1)
            moved = vector - tf.stack(
                [
                    a * slope[..., 0] + b * slope[..., 1],
                    b * slope[..., 0] + c * slope[..., 1],
                ],
                axis=-1,
            )
            vector = tf.where(active[..., None], moved, vector)
            return step + 1, vector, error, active & (error < last_error)

        endless = tf.fill(tf.shape(start)[:2], float("inf"))
        _, vector, _, _ = tf.while_loop(
            lambda step, *_: step < DESCENT_STEPS,
            descend,
            (0, start, endless, tf.ones_like(endless, tf.bool)),
        )
        near = tf.norm(vector - start, axis=-1, keepdims=True) <= PATCH
        return tf.where(near, vector, start)

    # Rightwards with the left neighbour as a candidate, then leftwards with the right one.
    order = tf.constant([*range(columns), *reversed(range(columns))])
    offers = tf.constant([0, *range(columns - 1), columns - 1, *range(columns - 1, 0, -1)])

    def turn(number, vectors):
        column = order[number]
        found = column_search(column, vectors[column], vectors[offers[number]])
        return number + 1, tf.tensor_scatter_nd_update(vectors, [[column]], found[None])

    return tf.while_loop(lambda number, _: number < 2 * columns, turn, (0, vectors))[1]


def _densify(first: tf.Tensor, second: tf.Tensor, vectors: tf.Tensor) -> tf.Tensor:
    """Each pixel's mean of the vectors of the patches over it, weighted by how well they fit."""
    _, height, width = first.shape
    columns, rows = vectors.shape[0], vectors.shape[2]
    vectors = tf.transpose(vectors, [1, 2, 0, 3])
    y, x = tf.range(height), tf.range(width)
    total, weights = 0.0, 0.0
    for up in range(PATCH // STRIDE):
        for left in range(PATCH // STRIDE):
            row, column = y // STRIDE - up, x // STRIDE - left
            over = ((row >= 0) & (row < rows))[:, None] & ((column >= 0) & (column < columns))[None]
            row, column = (
                tf.clip_by_value(row, 0, rows - 1),
                tf.clip_by_value(column, 0, columns - 1),
            )
            vector = tf.gather(tf.gather(vectors, row, axis=1), column, axis=2)
            error = tf.abs(_moved(second, vector) - first)
            weight = tf.cast(over, tf.float32) / tf.maximum(error, 1.0)
            total += weight[..., None] * vector
            weights += weight
    return total / weights[..., None]


def _moved(picture: tf.Tensor, vectors: tf.Tensor) -> tf.Tensor:
    """`picture` `[pairs, height, width]` read where each pixel's vector leads."""
    _, height, width = picture.shape
    x = tf.range(width, dtype=tf.float32)[None, None] + vectors[..., 0]
    y = tf.range(height, dtype=tf.float32)[None, :, None] + vectors[..., 1]
    x = tf.clip_by_value(x, 0.0, width - 1 - _INSIDE)
    y = tf.clip_by_value(y, 0.0, height - 1 - _INSIDE)
    right, down = x - tf.floor(x), y - tf.floor(y)
    pair = tf.range(tf.shape(picture)[0])[:, None, None] * height * width
    index = tf.cast(tf.floor(y), tf.int32) * width + tf.cast(tf.floor(x), tf.int32) + pair
    flat = tf.reshape(picture, [-1])
    return (
        tf.gather(flat, index) * (1 - right) * (1 - down)
        + tf.gather(flat, index + 1) * right * (1 - down)
        + tf.gather(flat, index + width) * (1 - right) * down
        + tf.gather(flat, index + width + 1) * right * down
    )
