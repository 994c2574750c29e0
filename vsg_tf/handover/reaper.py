"""A session for Reaper: a text file (.RPP) beside the sounds it refers to.

Reaper's makers do not document the format; what is written here is what Reaper itself writes for
such a session. Times are seconds with twelve digits, far below a sample.
"""

import uuid
from collections.abc import Iterator

from vsg_tf.handover.description import Session
from vsg_tf.handover.seconds import sample_text, seconds_text
from vsg_tf.handover.written import PlacedItem, Written, WrittenLayer, whole
from vsg_tf.timecode import NTSC, TimecodeRate

_OPEN_FOLDER, _LAST_IN_FOLDER = "1 1", "2 -1"
_QUOTES = "\"'`"


def write(written: Written) -> None:
    """Write `NAME.rpp` into the hand-over's folder."""
    path = written.folder / f"{written.slug}.rpp"
    path.write_text("\n".join(_lines(written)) + "\n", encoding="utf-8")


def _lines(written: Written) -> Iterator[str]:
    session = written.session
    start = session.rate.seconds(session.start_frame)
    yield '<REAPER_PROJECT 0.1 "6.0" 0'
    yield "  AUTOXFADE 0"  # fades are as written
    yield f"  PROJOFFS {seconds_text(start)} 0 0"
    yield f"  TIMEMODE 5 5 -1 {_frame_rate(session.rate)} 0 -1"
    yield "  ITEMMIX 1"  # items that overlap are added
    yield f"  SAMPLERATE {session.sample_rate} 1 0"
    yield "  TEMPO 120 4 4"
    yield from _markers(written)
    yield from _tracks(written)
    yield ">"


def _frame_rate(rate: TimecodeRate) -> str:
    """The nominal rate, and 0, 1 for drop frame or 2 for 1000/1001 of it without."""
    kind = 1 if rate.drop_frame else 2 if rate.exact == rate.nominal * NTSC else 0
    return f"{rate.nominal} {kind}"


def _markers(written: Written) -> Iterator[str]:
    rate = written.session.sample_rate
    everything = [marker for layer in written.layers for marker in layer.markers]
    everything.sort(key=lambda marker: marker.sample)
    for number, marker in enumerate(everything, start=1):
        yield f"  MARKER {number} {sample_text(marker.sample, rate)} {quoted(marker.text)} 0"


def _tracks(written: Written) -> Iterator[str]:
    session = written.session
    if written.video is not None:
        yield from _track(session, "Video", _video(written))
    if written.guide is not None:
        guide = whole("Guide", written.guide)
        yield from _track(session, "Guide", _item(session, guide), muted=True)
    for layer in written.layers:
        yield from _layer(session, layer)


def _layer(session: Session, layer: WrittenLayer) -> Iterator[str]:
    """A folder with the items and, muted, the stem that is their sum."""
    items = [line for item in layer.items for line in _item(session, item)]
    stem = _item(session, whole(f"{layer.name} stem", layer.stem))
    yield from _track(session, layer.name, (), folder=_OPEN_FOLDER)
    yield from _track(session, f"{layer.name} items", items)
    name = f"{layer.name} stem"
    yield from _track(session, name, stem, muted=True, folder=_LAST_IN_FOLDER)


def _track(session, name: str, items, muted: bool = False, folder: str = "0 0") -> Iterator[str]:
    yield f"  <TRACK {_identity(session, 'track', name)}"
    yield f"    NAME {quoted(name)}"
    yield "    VOLPAN 1 0 -1 -1 1"
    yield f"    MUTESOLO {int(muted)} 0 0"
    yield f"    ISBUS {folder}"
    yield "    NCHAN 2"
    yield from items
    yield "  >"


def _item(session: Session, item: PlacedItem) -> Iterator[str]:
    rate = session.sample_rate
    yield "    <ITEM"
    yield f"      POSITION {sample_text(item.start, rate)}"
    yield f"      LENGTH {sample_text(item.length, rate)}"
    yield "      LOOP 0"
    yield f"      FADEIN 0 {sample_text(item.fade_in, rate)} 0 0 0 0 0"  # 0: a straight line
    yield f"      FADEOUT 0 {sample_text(item.fade_out, rate)} 0 0 0 0 0"
    yield "      MUTE 0 0"
    yield f"      IGUID {_identity(session, 'item', item.name, str(item.start))}"
    yield f"      NAME {quoted(item.name)}"
    yield f"      VOLPAN {10 ** (item.gain_db / 20):.12f} 0 1 -1"
    yield f"      SOFFS {sample_text(item.offset, rate)}"
    yield "      PLAYRATE 1 1 0 -1 0 0.0025"
    yield "      CHANMODE 0"
    yield "      <SOURCE WAVE"
    yield f"        FILE {quoted(item.media.file)}"
    yield "      >"
    yield "    >"


def _video(written: Written) -> Iterator[str]:
    """The picture; its own sound is silent, which the guide's track holds."""
    session = written.session
    yield "    <ITEM"
    yield "      POSITION 0"
    yield f"      LENGTH {seconds_text(session.duration_s)}"
    yield "      LOOP 0"
    yield "      FADEIN 0 0 0 0 0 0 0"
    yield "      FADEOUT 0 0 0 0 0 0 0"
    yield f"      IGUID {_identity(session, 'video')}"
    yield f"      NAME {quoted(session.name)}"
    yield "      VOLPAN 0 0 1 -1"
    yield "      SOFFS 0"
    yield "      <SOURCE VIDEO"
    yield f"        FILE {quoted(written.video)}"
    yield "      >"
    yield "    >"


def quoted(text: str) -> str:
    """Text between quotation marks that it does not hold; one line."""
    line = " ".join(text.split())
    mark = next((mark for mark in _QUOTES if mark not in line), "`")
    return f"{mark}{line.replace(mark, _QUOTES[1])}{mark}"


def _identity(session: Session, *what: str) -> str:
    """The same for the same thing, so that files are the same each time."""
    name = "/".join((session.name, *what))
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper() + "}"
