"""The front end of REGNET and of the paper: BN-Inception features of pictures and of their flow.

Pictures are chosen by `pictures`, their motion found by `flow`, and `network` runs the net that
`inception` describes on both (`extraction`). Its weights are not part of this package: `weights`
imports them. `files` reads and writes features as REGNET publishes them.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from vsg_tf.frontends.front_end import FrontEnd, FrontEndSettings, Pictures, PictureSource
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np

NOMINAL_RATE = 21.5  # stored frames per second [P]
STREAM_WIDTH = 1024  # values of each of the two streams [P]


class RegnetSettings(FrontEndSettings):
    """Settings of `regnet`."""

    exact: bool = True  # pictures chosen and compressed as in the released code, clips looped
    flow: Literal["tvl1", "dis"] = "tvl1"  # [P]; dis is faster
    runtime: Literal["onnx", "tensorflow"] = "onnx"  # of the net; tensorflow uses a GPU
    weights: str | None = None  # SHA-256 of those that a model was trained with

    not_recorded: ClassVar[frozenset[str]] = frozenset({"runtime", "weights"})


class Regnet(FrontEnd):
    """1024 values of the picture, then 1024 of the optical flow [P]."""

    name = "regnet"
    version = 1
    Settings = RegnetSettings
    slow = True
    feature_files = ("RGB", "flow")
    width = 2 * STREAM_WIDTH
    pictures = Pictures(340, 256, "bgr", scaling="bilinear")
    settings: RegnetSettings

    @property
    def loops(self) -> bool:
        return self.settings.exact

    @cached_property
    def _network(self):
        from vsg_tf.frontends.regnet.flow import check_method
        from vsg_tf.frontends.regnet.network import load_network

        check_method(self.settings.flow)  # with the weights, before the work of hours begins
        return load_network(self.settings.runtime, self.settings.weights)

    def weights(self) -> dict[str, str]:
        return {self.name: self._network[1]}

    def rows(self, frames: "Iterable[tuple[float, np.ndarray]]") -> "np.ndarray":
        """Features of timed pictures as they are stored, `[rows, 2048]` float32, 21.5 a second.

        Raises:
            InputError: fewer than two pictures, or the weights are missing.
            MissingExtraError: OpenCV's contrib modules are not installed.
        """
        from vsg_tf.frontends.regnet.extraction import extract_rows
        from vsg_tf.frontends.regnet.flow import FlowPictures

        settings = self.settings
        flow = FlowPictures(settings.flow, jpeg=settings.exact)
        return extract_rows(frames, NOMINAL_RATE, self._network[0], flow, settings.exact)

    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        from vsg_tf.frontends.regnet.files import to_grid

        rows = self.rows(frames)
        seconds = len(rows) / NOMINAL_RATE if duration_s is None else duration_s
        return to_grid(rows, timebase, count=timebase.feature_frames_for(seconds))

    def read_files(self, paths: Sequence[Path], timebase: TimeBase) -> "np.ndarray":
        from vsg_tf.frontends.regnet.files import load_regnet_features, to_grid

        return to_grid(load_regnet_features(*paths), timebase)

    def write_files(self, source: PictureSource, paths: Sequence[Path]) -> None:
        from vsg_tf.frontends.regnet.files import save_regnet_features

        save_regnet_features(self.rows(source(self.pictures)), *paths, overwrite=True)
