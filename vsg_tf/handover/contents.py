"""A text for who opens the folder: what lies in it, and how it fits the picture."""

import csv
import math
from collections.abc import Iterable

from vsg_tf.handover.formats import Format
from vsg_tf.handover.samples import FLOAT
from vsg_tf.handover.seconds import seconds_text
from vsg_tf.handover.written import Written, WrittenLayer

LOUDNESS = "loudness.csv"
_COLUMNS = ("layer", "integrated_lufs", "true_peak_dbtp", "loudness_range_lu")
CONTENTS = "HAND-OVER.txt"


def write_contents(written: Written, formats: Iterable[Format]) -> None:
    """Write `HAND-OVER.txt`, and `loudness.csv` where there are stems."""
    session = written.session
    depth = "32-bit floating point" if written.bit_depth == FLOAT else f"{written.bit_depth} bit"
    lines = [
        f"Sound for {session.name}",
        "",
        f"The first picture is at {session.rate.format(session.start_frame)}, at {session.rate} "
        "frames a second.",
        f"The clip lasts {seconds_text(session.duration_s, 3)} s ({session.samples} samples at "
        f"{session.sample_rate} Hz, {depth}).",
        "",
        "Here are:",
        *(f"- {found.says}" for found in formats),
        "",
        "Layers:",
    ]
    for layer in written.layers:
        lines.append(f"- {layer.name}: {len(layer.events)} events{_loudness(layer)}")
    if written.notes:
        lines += ["", "Notes:", *(f"- {note}" for note in written.notes)]
    (written.folder / CONTENTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_loudness(written)


def _loudness(layer: WrittenLayer) -> str:
    if layer.loudness is None:
        return ""
    found = layer.loudness
    if not math.isfinite(found.integrated):
        return ", silent"
    return (
        f", {found.integrated:.1f} LUFS, true peak {found.true_peak:.1f} dB, loudness range "
        f"{found.range:.1f} LU"
    )


def _write_loudness(written: Written) -> None:
    """Write `loudness.csv` of all stems; an empty cell is silence."""
    measured = [layer for layer in written.layers if layer.loudness is not None]
    if not measured:
        return
    with (written.folder / LOUDNESS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for layer in measured:
            found = layer.loudness
            heard = math.isfinite(found.integrated)
            values = (found.integrated, found.true_peak, found.range)
            writer.writerow([layer.name, *(f"{v:.2f}" if heard else "" for v in values)])
