"""From timed pictures to the rows of REGNET's two streams."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.frontends.onnx_runtime import worker_threads
from vsg_tf.frontends.regnet import inception
from vsg_tf.frontends.regnet.flow import FlowPictures
from vsg_tf.frontends.regnet.network import BATCH, Network
from vsg_tf.frontends.regnet.pictures import constant_rate, squashed, through_jpeg
from vsg_tf.frontends.sources import TimedPictures, at_rate

Row = tuple[np.ndarray, np.ndarray]


def extract_rows(
    frames: TimedPictures, rate: float, network: Network, flow: FlowPictures, exact: bool
) -> np.ndarray:
    """Features of pictures, one row for each step between them.

    Args:
        frames: `(time in s from 0, picture uint8 [256, 340, 3], blue first)`, ascending.
        rate: pictures a second to be chosen.
        network: see `load_network`.
        flow: between two pictures.
        exact: pictures as FFmpeg chose them, through JPEG, and each row with its second picture,
            as the released code does; else the picture shown in the middle of each step, and each
            row with its first.

    Returns:
        `[rows, 2048]` float32; one row less than pictures, unless not `exact`.

    Raises:
        InputError: fewer than two pictures.
    """
    if exact:
        pictures = _each_once(constant_rate(frames, rate), through_jpeg)
    else:
        pictures = (picture for _, picture in at_rate(frames, rate))
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)  # several threads might sum in another order
    try:
        blocks = [network(*block) for block in _batches(_rows(pictures, flow, exact))]
    finally:
        cv2.setNumThreads(threads)
    if not blocks:
        raise InputError("The video has fewer than two readable frames; give a longer video.")
    return np.concatenate(blocks).astype(np.float32)


def _each_once(pictures: Iterable[np.ndarray], change) -> Iterator[np.ndarray]:
    """Changed pictures; what comes again is the same object again."""
    last = changed = None
    for picture in pictures:
        if picture is not last:
            last, changed = picture, change(picture)
        yield changed


def _rows(pictures: Iterable[np.ndarray], flow: FlowPictures, exact: bool) -> Iterator[Row]:
    """Squashed picture and flow of each step, the flow found on several threads."""
    count = worker_threads()
    size = inception.PICTURE_SIZE

    def row(before: np.ndarray, after: np.ndarray) -> Row:
        seen = after if exact else before
        return squashed(seen, size), squashed(flow(before, after), size)

    previous, waiting, picture = None, deque(), None
    with ThreadPoolExecutor(count) as pool:
        for picture in pictures:
            if previous is not None:
                waiting.append(pool.submit(row, previous, picture))
                if len(waiting) > 2 * count:
                    yield waiting.popleft().result()
            previous = picture
        if not exact and waiting:  # the last picture has no next: it rests
            waiting.append(pool.submit(row, picture, picture))
        while waiting:
            yield waiting.popleft().result()


def _batches(rows: Iterable[Row]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield _stacked(batch)
            batch = []
    if batch:
        yield _stacked(batch)


def _stacked(rows: list[Row]) -> tuple[np.ndarray, np.ndarray]:
    pictures, flows = zip(*rows, strict=True)
    return np.stack(pictures), np.stack(flows)
