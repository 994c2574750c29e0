"""What a visual front end says about itself. Light to import: the configuration asks it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from vsg_tf.errors import InputError
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np
    import tensorflow as tf

Colour = Literal["gray", "rgb", "bgr"]


@dataclass(frozen=True)
class Pictures:
    """The pictures that a front end wants.

    Args:
        width, height: pixels; a picture is stretched to fill them.
        colour: order of the channels; pictures are uint8 `[height, width]` where it is `gray`, else
            `[height, width, 3]`.
        rate: pictures a second, made by leaving some out and showing others twice; None: as they
            come.
        scaling: how a video's pictures are brought to that size.
        crop: the middle of the picture, as much of it as fits undistorted, fills them instead.
    """

    width: int
    height: int
    colour: Colour = "rgb"
    rate: float | None = None
    scaling: Literal["area", "bilinear"] = "area"
    crop: bool = False


@dataclass(frozen=True)
class CellLayout:
    """Features as equal groups of values, one a picture cell, and then the whole picture's.

    Args:
        cells: picture cells.
        channels: values of each; cell c, channel j is at `c * channels + j`.
        global_channels: values of the whole picture, behind those of the cells.
    """

    cells: int
    channels: int
    global_channels: int

    @property
    def width(self) -> int:
        """Values a feature frame."""
        return self.cells * self.channels + self.global_channels


# Gives, each time that it is called, all of a clip's pictures as they are wanted, from the first:
# `(time in s from 0, ascending; uint8 picture)`.
PictureSource = Callable[[Pictures], "Iterable[tuple[float, np.ndarray]]"]


class FrontEndSettings(BaseModel):
    """Settings of one front end, `video.settings.<name>`; none unless it has its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    not_recorded: ClassVar[frozenset[str]] = frozenset()  # keys that change no feature


class FrontEnd(ABC):
    """From pictures, or from files that others made of them, to features.

    Subclasses set the class variables, give `width` and `pictures`, and override what they can do;
    heavy modules are imported inside the methods.

    Args:
        settings: of the class `Settings`; None: its defaults.

    Attributes:
        name: in `video.front_end`.
        version: raised whenever the same pictures give other features, so that data prepared
            before is no longer mixed with them.
        Settings: what can be configured.
        cells: where features are in cells, which `model.temporal.cell_attention` needs.
        feature_files: of what kind the files are that features can be read from, in order.
        synthetic: whether the small grey pictures of synthetic clips tell it what real ones do.
        augments: whether `augment` does something.
        slow: whether features are worth remembering as long as the process lasts.
        loops: whether a clip that is too short for a prepared example goes round until it is full,
            however long it is; else only very short ones do.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    Settings: ClassVar[type[FrontEndSettings]] = FrontEndSettings
    feature_files: ClassVar[tuple[str, ...]] = ()
    synthetic: ClassVar[bool] = False
    augments: bool = False
    slow: bool = False
    loops: bool = False
    cells: CellLayout | None = None

    def __init__(self, settings: FrontEndSettings | None = None):
        self.settings = self.Settings() if settings is None else settings

    def __reduce__(self):
        # What a front end has opened stays in its process.
        return type(self), (self.settings,)

    @property
    @abstractmethod
    def width(self) -> int:
        """Values a feature frame."""

    @property
    @abstractmethod
    def pictures(self) -> Pictures:
        """The pictures it wants."""

    @abstractmethod
    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        """Features of timed pictures.

        Args:
            frames: `(time in s from 0, ascending; picture as wanted)`; consumed once.
            timebase: the grids.
            duration_s: how long after time 0 the last picture's end is; None: the mean step after
                the last picture.

        Returns:
            `[timebase.feature_frames_for(duration), width]` float32.

        Raises:
            InputError: too few pictures, or weights that it needs are missing.
        """

    def extract(
        self, source: PictureSource, timebase: TimeBase, duration_s: float | None = None
    ) -> "np.ndarray":
        """Features of what gives pictures as they are wanted; otherwise as `extract_pictures`."""
        return self.extract_pictures(source(self.pictures), timebase, duration_s)

    def read_files(self, paths: Sequence[Path], timebase: TimeBase) -> "np.ndarray":
        """Features that lie in files, brought to the feature grid.

        Args:
            paths: one of each kind in `feature_files`.
            timebase: the grids.

        Returns:
            `[feature_frames, width]` float32.

        Raises:
            InputError: this front end has no such files, or they cannot be used.
        """
        raise InputError(f"The front end {self.name} reads no feature files; give it a video.")

    def augment(self, features: "tf.Tensor", seed: "tf.Tensor") -> "tf.Tensor":
        """Vary features `[T, width]` in training; the same seed `[2]`, the same result."""
        return features

    def graph(self, timebase: TimeBase) -> "Callable[[tf.Tensor, tf.Tensor], tf.Tensor] | None":
        """The front end in TensorFlow's operations, for exports; None: it cannot be exported.

        Returns:
            A function of pictures as wanted, uint8, at least two, and their times in s from 0,
            `[frames]` float64, to features `[feature_frames, width]`.
        """
        return None

    def write_files(self, source: PictureSource, paths: Sequence[Path]) -> None:
        """Write the features of pictures as the files that `read_files` reads.

        Args:
            source: gives the pictures.
            paths: one of each kind in `feature_files`; replaced if they are there.

        Raises:
            InputError: this front end has no such files, or they cannot be written.
        """
        raise InputError(f"The front end {self.name} writes no feature files.")

    def weights(self) -> dict[str, str]:
        """The name of each part that has pretrained weights, to their SHA-256.

        A model trained on its features keeps it as the part's setting `weights`.

        Raises:
            InputError: the weights are missing, or others than that setting asks for.
        """
        return {}

    def parts(self) -> "tuple[FrontEnd, ...]":
        """The front ends of which this one is made: itself, unless several are joined."""
        return (self,)

    def description(self) -> list[dict[str, Any]]:
        """What features depend on, JSON-able: name, version and settings of each part."""
        return [
            {
                "name": part.name,
                "version": part.version,
                "settings": part.settings.model_dump(
                    mode="json", exclude=set(part.settings.not_recorded)
                ),
            }
            for part in self.parts()
        ]
