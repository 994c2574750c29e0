"""A second thread for what can be made before it is asked for."""

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
_AHEAD = 16  # items
_POLL = 0.1  # s between looks at whether anybody still reads


def read_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items in the same order, made up to 16 ahead by a thread of their own.

    Exceptions are raised where the item would have come. Closing ends the thread.
    """
    ready: queue.Queue = queue.Queue(_AHEAD)
    closed = threading.Event()
    thread = threading.Thread(target=_fill, args=(items, ready, closed), daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if error is None:
                yield item
            elif isinstance(error, StopIteration):
                return
            else:
                raise error
    finally:
        closed.set()
        thread.join()


def _fill(items: Iterable, ready: queue.Queue, closed: threading.Event) -> None:
    def hand_over(item, error: Exception | None = None) -> None:
        while not closed.is_set():
            try:
                return ready.put((item, error), timeout=_POLL)
            except queue.Full:
                continue

    try:
        for item in items:
            hand_over(item)
            if closed.is_set():
                return
    except Exception as error:
        hand_over(None, error)  # the reader raises it
    else:
        hand_over(None, StopIteration())
