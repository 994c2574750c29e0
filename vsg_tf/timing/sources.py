"""Where timing comes from: the picture, a list, or another source that is registered here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from vsg_tf.errors import InputError
from vsg_tf.timing.lists import read_timing
from vsg_tf.timing.timing import Timing
from vsg_tf.video.clip import Clip


@dataclass(frozen=True)
class Scene:
    """What a source may look at.

    Args:
        clip: the video; None where there is none.
        seconds: length that is asked for where there is no video; None: the source's own.
        picture: gives the timing that the pictures tell; they are decoded when it is called.
    """

    clip: Clip | None
    seconds: float | None
    picture: Callable[[], Timing]

    @property
    def duration_s(self) -> float | None:
        """Length of the result where it does not depend on the source."""
        return self.seconds if self.clip is None else self.clip.duration_s


@dataclass(frozen=True)
class TimingRequest:
    """Which source is asked, and with what.

    Args:
        source: key of `SOURCES`.
        file: what the source reads; None where it needs no file.
        options: of the source's own type.
    """

    source: str = "picture"
    file: Path | None = None
    options: Any = field(default=None)

    @property
    def files(self) -> list[Path]:
        """Every file that is read."""
        return [] if self.file is None else [self.file]

    @property
    def needs_clip(self) -> bool:
        """Whether there is no timing without a video."""
        return SOURCES[self.source].needs_clip(self)

    @property
    def knows_length(self) -> bool:
        """Whether the source says how long the result is where there is no video."""
        return SOURCES[self.source].knows_length


PICTURE = TimingRequest()


class TimingSource(Protocol):
    """A kind of source of timing."""

    knows_length: bool

    def needs_clip(self, request: TimingRequest) -> bool:
        """Whether there is no timing without a video."""

    def find(self, request: TimingRequest, scene: Scene) -> Timing:
        """The timing of a scene.

        Raises:
            InputError: the source cannot be used.
        """


class PictureSource:
    """What the model detects in the pictures."""

    knows_length = False

    def needs_clip(self, request: TimingRequest) -> bool:
        return True

    def find(self, request: TimingRequest, scene: Scene) -> Timing:
        return scene.picture()


class ListSource:
    """A list that was written by hand or by another program."""

    knows_length = False

    def needs_clip(self, request: TimingRequest) -> bool:
        return False

    def find(self, request: TimingRequest, scene: Scene) -> Timing:
        if scene.clip is None:
            return read_timing(request.file, scene.duration_s)
        clip = scene.clip
        return read_timing(request.file, clip.duration_s, clip.frame_rate, clip.timecode)


SOURCES: dict[str, TimingSource] = {
    "picture": PictureSource(),
    "list": ListSource(),
}


def find_timing(request: TimingRequest, scene: Scene) -> Timing:
    """The timing that a request asks for.

    Raises:
        InputError: the source cannot be used.
    """
    if request.source not in SOURCES:
        known = ", ".join(SOURCES)
        raise InputError(f"There is no source of timing {request.source!r}; use one of {known}.")
    return SOURCES[request.source].find(request, scene)


def guide_request(guide: str, folder: Path = Path(), options: Any = None) -> TimingRequest:
    """What `--guide` asks for.

    Args:
        guide: `own` for the clip's own sound, or a file.
        folder: that a relative file is looked for in.
        options: of the guide.
    """
    return TimingRequest("guide", None if guide == "own" else folder / guide, options)
