"""What can be handed over: one line and one module each, with a function `write(written)`."""

import importlib
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass

from vsg_tf.errors import InputError
from vsg_tf.extras import require
from vsg_tf.handover.media import Needs
from vsg_tf.handover.written import Written

EXTRA = "hand-over"


@dataclass(frozen=True)
class Format:
    """A format.

    Args:
        option: of the command line that asks for it, and its value there (empty: it has none).
        says: what it is, for the list in the folder.
        needs: what has to be written before.
        module: in this package; None where that is all.
        library: of the extra `[hand-over]`; None where nothing beyond the base is needed.
    """

    option: tuple[str, str]
    says: str
    needs: Needs
    module: str | None = None
    library: str | None = None

    @property
    def installed(self) -> bool:
        """Whether it can be written here."""
        return self.library is None or importlib.util.find_spec(self.library) is not None

    def check(self) -> None:
        """Find out whether it can be written before any work is done.

        Raises:
            MissingExtraError: its library is not installed.
        """
        if self.library is not None:
            require(self.library, EXTRA)

    def write(self, written: Written) -> None:
        """Write it into the hand-over's folder."""
        if self.module is not None:
            importlib.import_module(f"vsg_tf.handover.{self.module}").write(written)


_SESSION, _MARKERS = "--session", "--markers"

FORMATS = {
    "stems": Format(("--stems", ""), "stems and one sound an event", Needs.ITEMS),
    "reaper": Format((_SESSION, "reaper"), "session for Reaper", Needs.PICTURE, "reaper"),
    "aaf": Format((_SESSION, "aaf"), "session for Pro Tools, Nuendo", Needs.PICTURE, "aaf", "aaf2"),
    "otio": Format(
        (_SESSION, "otio"), "timeline for Resolve", Needs.PICTURE, "otio", "opentimelineio"
    ),
    "midi": Format(("--midi", ""), "events as MIDI notes", Needs.EVENTS, "midi"),
    "audacity": Format((_MARKERS, "audacity"), "labels for Audacity", Needs.EVENTS, "audacity"),
    "csv": Format((_MARKERS, "csv"), "events as a CSV list", Needs.EVENTS, "csv_list"),
    "wav": Format((_MARKERS, "wav"), "markers inside the stems", Needs.STEMS),
}


def installed_formats() -> tuple[str, ...]:
    """Names of all formats that can be written here."""
    return tuple(name for name, found in FORMATS.items() if found.installed)


def formats_of(option: str) -> tuple[str, ...]:
    """Names of the formats that belong to an option such as `--session`."""
    return tuple(name for name, found in FORMATS.items() if found.option[0] == option)


def chosen(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats of these names, each once.

    Raises:
        InputError: there is no such format.
        MissingExtraError: one needs a library that is not installed.
    """
    found = []
    for name in dict.fromkeys(names):
        if name not in FORMATS:
            raise InputError(f"There is no format {name!r}; choose from {', '.join(FORMATS)}.")
        FORMATS[name].check()
        found.append(FORMATS[name])
    return tuple(found)
