"""A project: a clip and its layers of sound, as a YAML file that a person can read.

Files are named by their path from the project's folder and known again by their content, so that
a project can move with its files. Nothing in it can run code.
"""

import hashlib
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import Field, ValidationError, model_validator

from vsg_tf.atomic import atomic_path
from vsg_tf.config.fields import Section
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.inference.options import RenderOptions

try:  # a long list of events takes seconds without
    from yaml import CSafeDumper as SafeDumper
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeDumper, SafeLoader

PROJECT_VERSION = 1
LARGEST_FILE = 64 << 20  # bytes of a project; more is none
MOST_EVENTS, MOST_LAYERS = 100_000, 64
_HASHED = 1 << 20  # bytes read at a time

Decibels = Annotated[float, Field(ge=-60, le=40)]
Optional = list[float | None]


class FileLink(Section):
    """A file that a project uses.

    Args:
        path: from the project's folder, with forward slashes; absolute where there is no other way.
        sha256: of its content, 64 hexadecimal digits.
    """

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @classmethod
    def to(cls, file: str | os.PathLike, folder: Path) -> "FileLink":
        """Link a file from a project in `folder`.

        Raises:
            InputError: it cannot be read.
        """
        file = Path(os.path.abspath(file))
        try:
            relative = Path(os.path.relpath(file, os.path.abspath(folder))).as_posix()
        except ValueError:  # another drive
            relative = file.as_posix()
        return cls(path=relative, sha256=digest(file))

    def find(self, folder: Path) -> Path:
        """Where the file is, for a project in `folder`.

        Raises:
            InputError: it is missing, or another file has taken its place.
        """
        path = Path(os.path.normpath(folder / self.path))
        if not path.is_file():
            raise InputError(
                f"The project's file {path} is missing; put it back, or move it with the project."
            )
        if digest(path) != self.sha256:
            raise InputError(
                f"{path} is another file than the one the project was made with; put that one "
                "back, or make a new project."
            )
        return path


def digest(path: Path) -> str:
    """SHA-256 of a file's content as hexadecimal digits.

    Raises:
        InputError: it cannot be read.
    """
    content = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_HASHED):
                content.update(block)
    except OSError as error:
        raise InputError(f"Cannot read {path} ({error.strerror}); check the path.") from error
    return content.hexdigest()


class EventList(Section):
    """Events as columns of one length; `null` where the renderer chooses.

    Args: as `vsg_tf.events.EventTrack`.
    """

    times: Annotated[list[float], Field(max_length=MOST_EVENTS)] = []
    strengths: list[float] = []
    durations: Optional = []
    takes: Optional = []
    pitches: Optional = []
    gains: Optional = []

    @model_validator(mode="after")
    def _check(self):
        count = len(self.times)
        for name in ("strengths", "durations", "takes", "pitches", "gains"):
            values = getattr(self, name)
            if len(values) not in ((count,) if name == "strengths" else (0, count)):
                raise ValueError(f"{name} has {len(values)} values for {count} events")
        if any(time < 0 for time in self.times):
            raise ValueError("times must be 0 or later")
        if any(not 0 <= strength <= 1 for strength in self.strengths):
            raise ValueError("strengths must be from 0 to 1")
        if any(duration is not None and duration <= 0 for duration in self.durations):
            raise ValueError("durations must be above 0")
        return self

    @classmethod
    def of(cls, track: EventTrack) -> "EventList":
        """The events of a track."""

        def column(values: np.ndarray) -> Optional:
            return [None if math.isnan(value) else float(value) for value in values]

        return cls(
            times=[float(time) for time in track.times],
            strengths=[float(strength) for strength in track.strengths],
            durations=column(track.durations),
            takes=column(track.takes),
            pitches=column(track.pitches),
            gains=column(track.gains),
        )

    def track(self) -> EventTrack:
        """The same as a track."""

        def column(values: Optional) -> np.ndarray | None:
            if not values:
                return None
            return np.array([np.nan if value is None else value for value in values])

        count = len(self.times)
        durations = column(self.durations)
        return EventTrack(
            np.array(self.times),
            np.array(self.strengths),
            np.full(count, np.nan) if durations is None else durations,
            column(self.takes),
            column(self.pitches),
            column(self.gains),
        )


class Layer(Section):
    """One kind of sound in the clip, such as steps.

    Args:
        name: shown.
        references: recordings with the wanted timbre; several are takes of one thing.
        events: when it sounds.
        level: whose level curve is followed: the `guide`'s, the `picture`'s or `none`.
        estimated: whether the durations are guesses, as from a picture.
        options: of the rendering, as `vsg_tf.inference.options.RenderOptions`; those left out have
            their defaults.
        gain_db: of the layer in the mix.
        pan: -1 (left) to 1 (right).
        muted: whether it is left out of the mix.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    references: Annotated[list[FileLink], Field(min_length=1, max_length=256)]
    events: EventList = EventList()
    level: Literal["guide", "picture", "none"] = "none"
    estimated: bool = False
    options: dict[str, Any] = {}
    gain_db: Decibels = 0.0
    pan: Annotated[float, Field(ge=-1, le=1)] = 0.0
    muted: bool = False

    @model_validator(mode="after")
    def _check(self):
        self.render_options()
        return self

    def render_options(self) -> RenderOptions:
        """The options of the rendering.

        Raises:
            ValueError: one is unknown or out of its range.
        """
        try:
            return RenderOptions(**self.options)
        except (TypeError, InputError) as error:
            raise ValueError(f"options: {error}") from error


class Guide(Section):
    """A sound that decides timing.

    Args:
        file: None: the clip's own track.
        options: of the measurement, as `vsg_tf.timing.guide.GuideOptions`.
    """

    file: FileLink | None = None
    options: dict[str, Any] = {}


class Project(Section):
    """A clip and its layers.

    Args:
        version: of the format.
        clip: the video.
        guide: a sound that decides timing, if there is one.
        layers: what is heard.
        keep_original_db: mixes the clip's own sound under the layers; None leaves it out.
    """

    version: int = PROJECT_VERSION
    clip: FileLink
    guide: Guide | None = None
    layers: Annotated[list[Layer], Field(max_length=MOST_LAYERS)] = []
    keep_original_db: Annotated[float, Field(ge=-60, le=20)] | None = None


def load_project(path: str | os.PathLike) -> Project:
    """Read a project.

    Raises:
        InputError: the file cannot be read, is no project, or one of a newer version.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path} is too large to be a project.")
        values = yaml.load(path.read_text(encoding="utf-8"), Loader=SafeLoader)
    except FileNotFoundError as error:
        raise InputError(f"There is no project {path}; check the path.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{path} is damaged or no project: it cannot be read as YAML.") from error
    if not isinstance(values, dict) or "clip" not in values:
        raise InputError(f"{path} is no project: it names no clip.")
    version = values.get("version")
    if isinstance(version, int) and version > PROJECT_VERSION:
        raise InputError(
            f"{path} was made by a newer version of vsg (project version {version}, known is "
            f"{PROJECT_VERSION}); install that one."
        )
    try:
        return Project.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{path} is no valid project: {place}: {first['msg']}.") from error


def save_project(path: str | os.PathLike, project: Project) -> None:
    """Write a project whole, replacing the one that is there.

    Raises:
        InputError: it cannot be written.
    """
    values = project.model_dump(mode="json")
    with atomic_path(path, overwrite=True) as temporary:
        text = yaml.dump(
            values, Dumper=SafeDumper, sort_keys=False, allow_unicode=True, default_flow_style=None
        )
        temporary.write_text(text, encoding="utf-8")


def find_files(project: Project, folder: Path) -> dict[str, Path | list[list[Path]] | None]:
    """Every file of a project in `folder`: `clip`, `guide` and `references` by layer.

    Raises:
        InputError: one is missing or is another one.
    """
    guide = project.guide.file if project.guide is not None else None
    return {
        "clip": project.clip.find(folder),
        "guide": None if guide is None else guide.find(folder),
        "references": [_found(layer.references, folder) for layer in project.layers],
    }


def _found(links: Sequence[FileLink], folder: Path) -> list[Path]:
    return [link.find(folder) for link in links]
