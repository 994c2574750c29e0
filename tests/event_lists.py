"""Event lists as files, for tests that move an event or look at what was played."""

from pathlib import Path

from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import read_timing, write_timing
from vsg_tf.timing.timing import Timing

_LONG_S = 1e5


def write_events(path: Path, track: EventTrack) -> None:
    """Write a CSV list, replacing what is there."""
    write_timing(path, Timing(_LONG_S, track))


def read_events(path: Path) -> EventTrack:
    """Read a list of any format."""
    return read_timing(path, _LONG_S).events
