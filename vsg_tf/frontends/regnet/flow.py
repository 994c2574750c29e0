"""Optical flow as REGNET's second stream is made of."""

import threading

import cv2
import numpy as np

from vsg_tf.errors import MissingExtraError
from vsg_tf.frontends.regnet.pictures import through_jpeg

BOUND = 20.0  # pixels of the 340 x 256 picture; faster motion is cut off
_MISSING = (
    "TV-L1, the optical flow of REGNET's features, is in OpenCV's contrib modules; run: "
    "pip install 'vsg-tf[features]' && "
    "pip install --force-reinstall --no-deps opencv-contrib-python-headless=={version}, "
    "or choose another flow with --set video.settings.regnet.flow=dis."
)


def check_method(method: str) -> None:
    """Raise a `MissingExtraError` where this OpenCV cannot compute a flow (`tvl1` or `dis`)."""
    if method == "tvl1" and not hasattr(getattr(cv2, "optflow", None), "createOptFlow_DualTVL1"):
        raise MissingExtraError(_MISSING.format(version=_distribution_version()))


def _distribution_version() -> str:
    """Version of the installed package that brings OpenCV, which the contrib build must have."""
    from importlib.metadata import PackageNotFoundError, version

    for name in ("opencv-contrib-python-headless", "opencv-python-headless", "opencv-python"):
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return cv2.__version__


class FlowPictures:
    """Flow between two pictures as two 8-bit pictures; may be called from several threads.

    Args:
        method: `tvl1` (Zach et al. 2007, with OpenCV's defaults [P]), or `dis` (Kroeger et al.
            2016), which is many times as fast.
        jpeg: whether the result has been a JPEG file, as theirs.
    """

    def __init__(self, method: str, jpeg: bool):
        check_method(method)
        self._method = method
        self._jpeg = jpeg
        self._own = threading.local()

    def __call__(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Flow of pictures `[height, width, 3]` (blue first), `[height, width, 2]` uint8, x and y.

        127.5 is no motion and the ends of the scale are 20 pixels to either side.
        """
        if before is after:
            flow = np.zeros((*before.shape[:2], 2), np.float32)
        else:
            grey = (cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in (before, after))
            flow = self._calculator().calc(*grey, None)
        scaled = (np.clip(flow, -BOUND, BOUND) + BOUND) * (255 / (2 * BOUND))
        pictures = np.rint(scaled).astype(np.uint8)
        if self._jpeg:
            channels = [through_jpeg(np.ascontiguousarray(pictures[..., c])) for c in (0, 1)]
            pictures = np.stack(channels, axis=-1)
        return pictures

    def _calculator(self):
        if not hasattr(self._own, "flow"):
            self._own.flow = (
                cv2.optflow.createOptFlow_DualTVL1()
                if self._method == "tvl1"
                else cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
            )
        return self._own.flow
