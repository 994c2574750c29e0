"""What was found in recordings, in a table for people."""

from dataclasses import dataclass

from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.material import Material

_WORDS = {
    Kind.SINGLE: "single: rings out",
    Kind.LASTING: "lasting: as long as its event",
    Kind.MIXED: "mixed: rings out, and can be held longer",
}


@dataclass(frozen=True)
class Explained:
    """One take.

    Args:
        number: of it, from 1, as in the column `take` of an event list.
        recording: which of several it is from, from 1.
        first, attack, last: s in that recording.
        kind: how it goes on.
        level: dB below the strongest.
        brightness: Hz.
        remark: what else decides when it is played; may be empty.
    """

    number: int
    recording: int
    first: float
    attack: float
    last: float
    kind: Kind
    level: float
    brightness: float
    remark: str


def explain(material: Material) -> list[Explained]:
    """What each take of a material is."""
    loudest = max(take.level for take in material.takes)
    rows = []
    for number, take in enumerate(material.takes, start=1):
        begin = material.bounds[take.sound]
        first, attack, last = (
            float(at - begin) / material.sample_rate for at in (take.begin, take.attack, take.stop)
        )
        remarks = [
            (take.unlike, "unlike the others: played last"),
            (take.rings, "rings on under what follows"),
            (take.cut and take.kind is not Kind.LASTING, "its end is cut in the recording"),
            (take.part_of >= 0, f"a part of take {take.part_of + 1}: for short events"),
        ]
        remark = "; ".join(words for holds, words in remarks if holds)
        level = take.level - loudest
        rows.append(
            Explained(
                number,
                take.sound + 1,
                first,
                attack,
                last,
                take.kind,
                level,
                take.brightness,
                remark,
            )
        )
    return rows


def explanation_lines(material: Material) -> list[str]:
    """The same as lines of text."""
    lines = ["take  recording  from-to, s (attack)        level  brightness  kind"]
    for row in explain(material):
        span = f"{row.first:.2f}-{row.last:.2f} ({row.attack:.2f})"
        remark = f"; {row.remark}" if row.remark else ""
        lines.append(
            f"{row.number:>4}  {row.recording:>9}  {span:<28}{row.level:>5.1f}  "
            f"{row.brightness:>7.0f} Hz  {_WORDS[row.kind]}{remark}"
        )
    background = "a steady background was found, and taken out" if len(material.bed) else "none"
    lines.append(f"background: {background}")
    return lines
