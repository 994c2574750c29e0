"""Long work that tells how far it is, and that can be stopped."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from vsg_tf.errors import Cancelled

T = TypeVar("T")
#: Called with what is done ("picture" or "sound") and how far it is, 0 to 1.
Progress = Callable[[str, float], None]
#: Called between blocks; True stops the work.
Cancel = Callable[[], bool]


def watched(
    items: Iterable[T],
    position: Callable[[T], float],
    stage: str,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Iterator[T]:
    """The same items; in between progress is told and a wish to stop is heard.

    Args:
        items: what is worked through.
        position: how far the work is at an item, 0 to 1.
        stage: what is being done.
        progress: is told of it, or None.
        cancel: is asked whether to stop, or None.

    Raises:
        Cancelled: `cancel` said so.
    """
    for item in items:
        if cancel is not None and cancel():
            raise Cancelled("The rendering was stopped.")
        if progress is not None:
            progress(stage, min(1.0, position(item)))
        yield item
