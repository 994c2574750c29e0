"""Audacity's label tracks: start, end and text of each label, separated by tabs."""

import math
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import text_file
from vsg_tf.timing.lists.clock import ListClock, number
from vsg_tf.timing.timing import Timing

_FREQUENCIES = "\\"  # begins a line with the frequency range of the label above it


def recognises(head: bytes) -> bool:
    """Whether the first line is two numbers and perhaps a text, between tabs."""
    if not text_file.is_text(head):
        return False
    lines = [line for line in text_file.decode(head).splitlines() if line.strip()]
    cells = lines[0].split("\t") if lines else []
    return len(cells) >= 2 and all(_is_number(cell) for cell in cells[:2])


def read(path: Path, clock: ListClock) -> Timing:
    """Every label is an event at full strength; one that spans a range lasts as long.

    Raises:
        InputError: a line is no label, or lies outside the clip; names the line.
    """
    times, durations = [], []
    for line, text in enumerate(text_file.read_text(path).splitlines(), start=1):
        if not text.strip() or text.startswith(_FREQUENCIES):
            continue
        place = f"{path} line {line}"
        cells = text.split("\t")
        if len(cells) < 2:
            raise InputError(f"{place} is no label: start, end and text, separated by tabs.")
        start, end = (number(cell, place) for cell in cells[:2])
        if end < start:
            raise InputError(f"{place}: the label ends before it begins.")
        times.append(clock.within(start, place))
        durations.append(end - start if end > start else math.nan)
    if not times:
        raise InputError(f"{path} holds no labels; export a label track that has some.")
    return Timing(clock.duration_s, EventTrack(times, [1.0] * len(times), durations))


def _is_number(cell: str) -> bool:
    try:
        number(cell, "")
    except InputError:
        return False
    return True
