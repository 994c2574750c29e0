"""Markers of an edit decision list (CMX 3600), as editing programs export them.

Either comments `* LOC: 01:00:01:06 RED name` (Avid, Premiere), or lines `|C:ResolveColorBlue
|M:name |D:1` after an edit whose record time is meant (Resolve).
"""

import math
import re
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import text_file
from vsg_tf.timing.lists.clock import ListClock
from vsg_tf.timing.timing import Timing

_TIMECODE = r"\d\d:\d\d:\d\d[:;]\d\d"
_EDIT = re.compile(rf"\d{{3,}}\s.*\s{_TIMECODE}\s+{_TIMECODE}\s+({_TIMECODE})\s+{_TIMECODE}")
_LOCATOR = re.compile(rf"\*\s*LOC:\s*({_TIMECODE})(?:\s.*)?", re.IGNORECASE)
_MARKER = re.compile(r"\|C:.*?\|M:.*?(?:\|D:(\d+))?")
_TITLE = ("TITLE:", "FCM:")


def recognises(head: bytes) -> bool:
    """Whether it is text that begins with a title, or with an edit."""
    if not text_file.is_text(head):
        return False
    first = text_file.decode(head).lstrip().partition("\n")[0].strip()
    return first.upper().startswith(_TITLE) or _EDIT.fullmatch(first) is not None


def read(path: Path, clock: ListClock) -> Timing:
    """Every marker is an event at full strength; one of more than a frame lasts as long.

    Raises:
        InputError: there are no markers, or one lies outside the clip; names the line.
    """
    times, durations = [], []
    edit = None
    lines = (text.strip() for text in text_file.read_text(path).splitlines())
    for line, text in enumerate(lines, start=1):
        place = f"{path} line {line}"
        found = _EDIT.fullmatch(text)
        edit = found[1] if found else edit
        locator, marker = _LOCATOR.fullmatch(text), _MARKER.fullmatch(text)
        if locator:
            times.append(clock.moment(locator[1], place))
            durations.append(math.nan)
        elif marker and edit:
            frames = int(marker[1] or 1)
            times.append(clock.moment(edit, place))
            durations.append(clock.length(f"{frames}f", place) if frames > 1 else math.nan)
    if not times:
        raise InputError(f"{path} holds no markers, only edits; export an EDL with markers.")
    return Timing(clock.duration_s, EventTrack(times, [1.0] * len(times), durations))
