"""A text for who opens the folder: what lies in it, and how it fits the picture."""

from collections.abc import Iterable

from vsg_tf.handover.formats import Format
from vsg_tf.handover.samples import FLOAT
from vsg_tf.handover.seconds import seconds_text
from vsg_tf.handover.written import Written

CONTENTS = "HAND-OVER.txt"


def write_contents(written: Written, formats: Iterable[Format]) -> None:
    """Write `HAND-OVER.txt`."""
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
        lines.append(f"- {layer.name}: {len(layer.events)} events")
    if written.notes:
        lines += ["", "Notes:", *(f"- {note}" for note in written.notes)]
    (written.folder / CONTENTS).write_text("\n".join(lines) + "\n", encoding="utf-8")
