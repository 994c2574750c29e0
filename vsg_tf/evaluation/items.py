"""One thing to render and score: a clip, a reference, and what is known of both."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Kind = Literal["pair", "original", "shuffled", "timbre", "length"]
KINDS = {
    "pair": "as listed",
    "original": "each clip with its own sound as reference",
    "shuffled": "each clip with another clip's sound as reference",
    "timbre": "random references, each with random clips of its category",
    "length": "the same references at 0.5, 1 and 2 times their length",
}
LONGEST_FACTOR = 10.0


@dataclass(frozen=True)
class Item:
    """One thing to render and score.

    Args:
        video: the clip; its own sound is not listened to by any system.
        reference: recording with the wanted timbre.
        truth: the clip's true sound (audio, or a video's track); None: no timing is scored.
        category: for means by category.
        kind: see `KINDS`.
        reference_length: the reference is cut or repeated to this multiple of its length.
        reference_background: the background in the reference, alone, where it is known.
        feature_files: REGNET features of the clip, RGB and optical flow, for models that read them.
        identity: unique in the list; the same for the same files.
    """

    video: Path
    reference: Path
    truth: Path | None = None
    category: str = ""
    kind: Kind = "pair"
    reference_length: float = 1.0
    reference_background: Path | None = None
    feature_files: tuple[Path, Path] | None = None
    identity: str = ""


def _name(item: Item) -> str:
    name = f"{item.category}/" if item.category else ""
    name += f"{item.video.stem}+{item.reference.stem}"
    if item.reference_length != 1:
        name += f"x{item.reference_length:g}"
    return name if item.kind == "pair" else f"{item.kind}/{name}"


def with_identities(items: list[Item]) -> list[Item]:
    """Give every item its identity; equal names are told apart by numbers."""
    seen: Counter[str] = Counter()
    named = []
    for item in items:
        name = _name(item)
        seen[name] += 1
        named.append(replace(item, identity=name + (f"#{seen[name]}" if seen[name] > 1 else "")))
    return named
