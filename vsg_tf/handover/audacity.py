"""Events as label tracks for Audacity, one file a layer: start, end and text, between tabs."""

import math

import numpy as np

from vsg_tf.handover.written import FOLDER_OF_MARKERS, Written, WrittenLayer


def write(written: Written) -> None:
    """Write `markers/LAYER.txt` for each layer."""
    folder = written.folder / FOLDER_OF_MARKERS
    folder.mkdir(exist_ok=True)
    for layer in written.layers:
        text = "".join(_lines(layer))
        (folder / f"{layer.slug}.txt").write_text(text, encoding="utf-8", newline="\n")


def _lines(layer: WrittenLayer):
    events = layer.events
    columns = zip(events.times, events.durations, events.strengths, strict=True)
    for number, (time, duration, strength) in enumerate(columns, start=1):
        end = time if math.isnan(duration) else time + duration
        name = " ".join(layer.name.split())
        yield f"{_number(time)}\t{_number(end)}\t{name} {number}, strength {strength:.2f}\n"


def _number(value: float) -> str:
    """The shortest digits that read back as the same number, never in powers of ten."""
    return np.format_float_positional(value, unique=True, trim="0")
