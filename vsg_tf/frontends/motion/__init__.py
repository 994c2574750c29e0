"""The motion front end: optical flow measured in 4 x 4 cells, without a pretrained network.

Beyond the paper. `extraction` brings what `cells` measures to the feature grid, `normalisation`
makes features of it, `augmentation` varies them in training; the `graph_` modules are the same in
TensorFlow's operations. `layout` says which value is what.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vsg_tf.frontends.front_end import CellLayout, FrontEnd, Pictures
from vsg_tf.frontends.motion import layout
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np


class Motion(FrontEnd):
    """Optical flow in cells, normalised over the clip."""

    name = "motion"
    version = 1
    synthetic = True
    augments = True
    cells = CellLayout(layout.CELLS, layout.CELL_CHANNELS, len(layout.GLOBAL_QUANTITIES))
    width = layout.FEATURE_WIDTH
    pictures = Pictures(layout.WIDTH, layout.HEIGHT, "gray")

    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        from vsg_tf.frontends.motion.extraction import MotionFrontEnd

        return MotionFrontEnd(timebase).extract_frames(frames, duration_s)

    def augment(self, features, seed):
        from vsg_tf.frontends.motion.augmentation import augment_motion

        return augment_motion(features, seed)

    def graph(self, timebase: TimeBase):
        from vsg_tf.frontends.motion.graph_motion import motion_features

        return lambda pictures, times: motion_features(pictures, times, timebase)
