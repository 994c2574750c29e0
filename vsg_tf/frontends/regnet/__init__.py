"""The front end of REGNET and of the paper: BN-Inception features of pictures and of their flow."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vsg_tf.errors import InputError
from vsg_tf.frontends.front_end import FrontEnd, Pictures
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np

NOMINAL_RATE = 21.5  # stored frames per second [P]
STREAM_WIDTH = 1024  # values of each of the two streams [P]


class Regnet(FrontEnd):
    """1024 values of the picture, then 1024 of the optical flow [P]."""

    name = "regnet"
    version = 1
    feature_files = ("RGB", "flow")
    width = 2 * STREAM_WIDTH
    pictures = Pictures(340, 256, "bgr", NOMINAL_RATE)

    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        raise InputError(
            "The front end regnet reads features from files; pass --features twice, first the RGB "
            "file, then the flow file."
        )

    def read_files(self, paths: Sequence[Path], timebase: TimeBase) -> "np.ndarray":
        from vsg_tf.frontends.regnet.files import load_regnet_features, to_grid

        return to_grid(load_regnet_features(*paths), timebase)
