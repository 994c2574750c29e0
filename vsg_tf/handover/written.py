"""What lies in the folder already: what session formats refer to."""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vsg_tf.events import EventTrack
from vsg_tf.handover.description import Session
from vsg_tf.handover.wav_chunks import Loudness, Marker

FOLDER_OF_MARKERS = "markers"


@dataclass(frozen=True)
class Media:
    """A sound file in the folder.

    Args:
        file: its path in the folder, with `/`.
        samples: its length.
        channels: 1 or 2.
        starts_at: sample of the clip at which it begins; below 0 before the first picture.
    """

    file: str
    samples: int
    channels: int
    starts_at: int = 0


@dataclass(frozen=True)
class PlacedItem:
    """A part of a file at its place; see `description.Item`.

    Args:
        name: shown.
        media: the file.
        offset: sample of the file from which it is heard.
        start: sample of the clip at which it is heard first.
        length: samples.
        fade_in, fade_out: samples.
        gain_db: on top of the file.
        event: number of its event, from 0; None for a rest.
    """

    name: str
    media: Media
    offset: int
    start: int
    length: int
    fade_in: int = 0
    fade_out: int = 0
    gain_db: float = 0.0
    event: int | None = None

    @property
    def end(self) -> int:
        """The sample after the last one that is heard."""
        return self.start + self.length


def whole(name: str, media: Media) -> PlacedItem:
    """A file as one item; it begins with the first picture."""
    return PlacedItem(name, media, 0, 0, media.samples)


@dataclass(frozen=True)
class WrittenLayer:
    """A layer in the folder.

    Args:
        name: shown.
        slug: the name as it is used in file names; differs from layer to layer.
        events: as performed.
        markers: the same in samples.
        stem: its whole sound; None where no format needs it.
        items: their sum is the stem; in order of their start, a rest last.
        loudness: of the stem; None without one.
    """

    name: str
    slug: str
    events: EventTrack
    markers: tuple[Marker, ...]
    stem: Media | None
    items: tuple[PlacedItem, ...] = ()
    loudness: Loudness | None = None


@dataclass(frozen=True)
class Written:
    """A hand-over in the making.

    Args:
        folder: where it is written; all paths are relative to it.
        slug: the session's name as it is used in file names.
        session: what was made.
        bit_depth: of its sounds.
        layers: in the session's order.
        video: the clip's file; None without.
        guide: its sound, from the first picture on; None without.
        notes: sentences for the user, the session's first.
    """

    folder: Path
    slug: str
    session: Session
    bit_depth: int
    layers: tuple[WrittenLayer, ...]
    video: str | None
    guide: Media | None
    notes: tuple[str, ...] = ()

    @cached_property
    def identity(self) -> uuid.UUID:
        """The same for the same sounds: workstations take equal identities for equal media."""
        content = hashlib.sha256(self.session.name.encode("utf-8"))
        for layer in self.layers:
            if layer.stem is not None:
                with (self.folder / layer.stem.file).open("rb") as file:
                    while block := file.read(1 << 20):
                        content.update(block)
        return uuid.UUID(bytes=content.digest()[:16], version=4)
