"""What the registry knows of a format of lists."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsg_tf.timing.lists.clock import ListClock
from vsg_tf.timing.timing import Timing


@dataclass(frozen=True)
class ListFormat:
    """A format.

    Args:
        name: shown.
        suffixes: that its files usually have, lower case.
        recognises: whether a file is of this kind, by its first bytes.
        read: gives the timing of a file; raises `InputError` in one sentence that names the file
            and, where there are lines, the line.
        write: writes a timing to a path as it is told, replacing what is there; None: the format
            is only read.
    """

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, ListClock], Timing]
    write: Callable[[str | os.PathLike, Timing], Any] | None = None
