"""Which pictures REGNET's features are made of, and how they are made ready.

The released features were extracted from files that FFmpeg had brought to 21.5 frames a second. Its
constant-rate mode lets pictures run ahead before it drops one, so that at 24 to 60 frames a second
the first ones follow each other and every later one comes about 1.7 pictures late. Of ten seconds
come 217 pictures so, and 216 rows, which is what is published; the tests show on the samples that
the published rows follow these pictures and no others.
"""

import itertools
from collections.abc import Iterable, Iterator

import cv2
import numpy as np

JPEG_QUALITY = 95
_DROP, _DOUBLE = -1.1, 1.1  # pictures that FFmpeg's output may be ahead or behind


def constant_rate(frames: Iterable[tuple[float, np.ndarray]], rate: float) -> Iterator[np.ndarray]:
    """Pictures at a constant rate as FFmpeg's `-r` gave them at that time (releases 2 to 4).

    Args:
        frames: `(time in s from 0, picture)`, ascending.
        rate: pictures a second.

    Yields:
        Pictures; a repeated one is the same object.
    """
    number, previous, length = 0, None, 1.0 / rate
    for (time, picture), following in _with_next(frames):
        length = length if following is None else following - time
        duration = length * rate
        duration = np.rint(duration) if np.rint(duration) > 0 else min(duration, 1.0)
        behind = time * rate - number
        copies, of_previous = 1, 0
        if behind + duration < _DROP:
            copies = 0
        elif behind + duration > _DOUBLE:
            copies = int(np.rint(behind + duration))
            if behind > _DOUBLE and previous is not None:
                of_previous = min(copies, int(np.rint(behind - 0.6)))
        for copy in range(copies):
            yield previous if copy < of_previous else picture
        number += copies
        previous = picture


def _with_next(frames: Iterable) -> Iterator[tuple[tuple[float, np.ndarray], float | None]]:
    """Each frame with the time of the next one."""
    first, second = itertools.tee(frames)
    next(second, None)
    for frame, following in itertools.zip_longest(first, second):
        yield frame, None if following is None else following[0]


def through_jpeg(picture: np.ndarray) -> np.ndarray:
    """What is left of a picture `[height, width(, 3)]` uint8 in a JPEG file of quality 95."""
    _, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    way = cv2.IMREAD_GRAYSCALE if picture.ndim == 2 else cv2.IMREAD_COLOR
    return cv2.imdecode(packed, way)


def squashed(picture: np.ndarray, size: int) -> np.ndarray:
    """The whole picture as `[size, size, ...]`, bilinear."""
    return cv2.resize(picture, (size, size), interpolation=cv2.INTER_LINEAR)
