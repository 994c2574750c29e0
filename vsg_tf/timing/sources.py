"""Where timing comes from: one class and one line of `SOURCES` for each.

A source says whether it looks at pixels, so that no picture is decoded for one that does not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from vsg_tf.audio.attacks import RATE
from vsg_tf.audio.reading import load_sound
from vsg_tf.errors import InputError
from vsg_tf.timing.guide import GuideOptions, guide_timing
from vsg_tf.timing.lists import read_timing
from vsg_tf.timing.timing import Timing
from vsg_tf.video.clip import Clip

OWN = "own"  # names the clip's own sound as its guide


@dataclass(frozen=True)
class Scene:
    """What a source may look at.

    Args:
        clip: the video; None where there is none.
        seconds: length that is asked for where there is no video; None: the source's own.
        picture: gives the timing that the pictures tell; they are decoded when it is called. None:
            there are no pictures.
    """

    clip: Clip | None = None
    seconds: float | None = None
    picture: Callable[[], Timing] | None = None

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
        options: of the source's own type; None: its defaults.
    """

    source: str = "picture"
    file: Path | None = None
    options: Any = None

    @property
    def files(self) -> list[Path]:
        """Every file that is read."""
        return [] if self.file is None else [self.file]

    @property
    def needs_clip(self) -> bool:
        """Whether there is no timing without a video."""
        return self._kind.needs_clip(self)

    @property
    def needs_pixels(self) -> bool:
        """Whether pictures are decoded."""
        return self._kind.needs_pixels(self)

    @property
    def knows_length(self) -> bool:
        """Whether the source says how long the result is where there is no video."""
        return self._kind.knows_length

    @property
    def _kind(self) -> "TimingSource":
        if self.source not in SOURCES:
            raise InputError(
                f"There is no source of timing {self.source!r}; use one of {', '.join(SOURCES)}."
            )
        return SOURCES[self.source]

    def find(self, scene: Scene) -> Timing:
        """See `find_timing`."""
        return self._kind.find(self, scene)


PICTURE = TimingRequest()


class TimingSource(Protocol):
    """A kind of source of timing."""

    knows_length: bool

    def needs_clip(self, request: TimingRequest) -> bool:
        """Whether there is no timing without a video."""

    def needs_pixels(self, request: TimingRequest) -> bool:
        """Whether pictures are decoded."""

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

    def needs_pixels(self, request: TimingRequest) -> bool:
        return True

    def find(self, request: TimingRequest, scene: Scene) -> Timing:
        timing = _picture(scene)
        # The last frame of features may reach beyond the clip's end.
        return timing.moved(0.0)


class ListSource:
    """A list that was written by hand or by another program."""

    knows_length = False

    def needs_clip(self, request: TimingRequest) -> bool:
        return False

    def needs_pixels(self, request: TimingRequest) -> bool:
        return False

    def find(self, request: TimingRequest, scene: Scene) -> Timing:
        if scene.duration_s is None:
            raise InputError(f"The list {request.file} needs a length: give a video or --seconds.")
        if scene.clip is None:
            return read_timing(request.file, scene.duration_s)
        clip = scene.clip
        return read_timing(request.file, clip.duration_s, clip.frame_rate, clip.timecode)


class GuideSource:
    """A sound: the clip's own where no file is named."""

    knows_length = True

    def needs_clip(self, request: TimingRequest) -> bool:
        return request.file is None or self.needs_pixels(request)

    def needs_pixels(self, request: TimingRequest) -> bool:
        return _guide_options(request).confirm

    def find(self, request: TimingRequest, scene: Scene) -> Timing:
        options = _guide_options(request)
        if request.file is not None:
            name = f"The guide {request.file}"
            wanted = _needed(scene.duration_s)
            sound = load_sound(request.file, wanted, track=options.track, sample_rate=RATE)
        elif scene.clip is None:
            raise InputError("The clip's own sound as guide needs a clip: give --video.")
        else:
            name = f"The own sound of {scene.clip.path}"
            sound = scene.clip.sound(options.track, sample_rate=RATE)
        picture = _picture(scene) if options.confirm else None
        return guide_timing(sound, scene.duration_s, options, picture, name)


SOURCES: dict[str, TimingSource] = {
    "picture": PictureSource(),
    "list": ListSource(),
    "guide": GuideSource(),
}


def find_timing(request: TimingRequest, scene: Scene) -> Timing:
    """The timing that a request asks for.

    Raises:
        InputError: the source cannot be used.
    """
    return request.find(scene)


def guide_request(
    guide: str, folder: Path = Path(), options: GuideOptions | None = None
) -> TimingRequest:
    """What `--guide` asks for.

    Args:
        guide: `own` for the clip's own sound, or a file.
        folder: that a relative file is looked for in.
        options: of the guide.
    """
    return TimingRequest("guide", None if guide == OWN else folder / guide, options)


def _guide_options(request: TimingRequest) -> GuideOptions:
    return GuideOptions() if request.options is None else request.options


def _picture(scene: Scene) -> Timing:
    if scene.picture is None:
        raise InputError("Timing from the picture needs a clip: give --video.")
    return scene.picture()


def _needed(duration_s: float | None) -> float | None:
    """How much of a guide is read: a second more, so that one that is longer is noticed."""
    return None if duration_s is None else duration_s + 1.0
