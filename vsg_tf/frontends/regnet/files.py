"""Visual features in the layout in which REGNET's are published for VAS.

`features/<category>/feature_rgb_bninception_dim1024_21.5fps/<id>.pkl` and the same for the optical
flow: pickled float32 arrays `[214..216, 1024]`, mels beside them. A pickle may run any code, so
only what makes up a plain NumPy array is let through.
"""

import os
import pickle
from pathlib import Path

import numpy as np

from vsg_tf.atomic import atomic_path
from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.frontends.regnet import NOMINAL_RATE, STREAM_WIDTH
from vsg_tf.timebase import TimeBase

RGB_FOLDER = "feature_rgb_bninception_dim1024_21.5fps"
FLOW_FOLDER = "feature_flow_bninception_dim1024_21.5fps"
MEL_FOLDER = "melspec_10s_22050hz"

_LONGEST = 512 * 2**20  # bytes; over 36 hours of features
_TOLERATED_FRAMES = 4  # by which the two streams of one clip may differ
_FLOATS = ("f2", "f4", "f8", "float16", "float32", "float64")


def feature_paths(root: str | os.PathLike, category: str, clip: str) -> tuple[Path, Path, Path]:
    """Where RGB features, flow features and mel of one clip lie below the folder `features`."""
    folder = Path(root) / category
    return (
        folder / RGB_FOLDER / f"{clip}.pkl",
        folder / FLOW_FOLDER / f"{clip}.pkl",
        folder / MEL_FOLDER / f"{clip}_mel.npy",
    )


def load_regnet_features(rgb_path: str | os.PathLike, flow_path: str | os.PathLike) -> np.ndarray:
    """Read and join the two streams of one clip.

    Returns:
        `[frames, 2048]` float32, RGB first, as long as the shorter stream.

    Raises:
        InputError: a file is missing, is not a plain NumPy array of floats `[frames, 1024]`,
            holds NaN or infinity, or the lengths do not belong together.
    """
    rgb, flow = load_array(rgb_path), load_array(flow_path)
    if abs(len(rgb) - len(flow)) > _TOLERATED_FRAMES:
        raise InputError(
            f"{rgb_path} has {len(rgb)} frames but {flow_path} has {len(flow)}; "
            "they are not of the same clip."
        )
    frames = min(len(rgb), len(flow))
    return np.concatenate([rgb[:frames], flow[:frames]], axis=1)


def save_regnet_features(
    features: np.ndarray,
    rgb_path: str | os.PathLike,
    flow_path: str | os.PathLike,
    overwrite: bool = False,
) -> None:
    """Write features `[frames, 2048]` as the two pickles that `load_regnet_features` reads.

    Raises:
        InputError: a file exists and `overwrite` is False, or cannot be written.
    """
    halves = np.split(np.asarray(features, np.float32), 2, axis=1)
    for half, path in zip(halves, (rgb_path, flow_path), strict=True):
        with atomic_path(path, overwrite) as temporary, temporary.open("wb") as file:
            pickle.dump(np.ascontiguousarray(half), file, protocol=2)


def to_grid(
    features: np.ndarray,
    timebase: TimeBase,
    nominal_rate: float = NOMINAL_RATE,
    count: int | None = None,
) -> np.ndarray:
    """Bring stored features to the exact feature grid by linear interpolation.

    Args:
        features: `[frames, width]`, stored at `nominal_rate` per second.
        timebase: the grids.
        nominal_rate: stored frames per second.
        count: frames wanted, the last stored one repeated if need be; None: as many as cover the
            same stretch of time.

    Returns:
        `[feature_frames, width]` float32.
    """
    if count is None:
        count = timebase.feature_frames_for(len(features) / nominal_rate)
    positions = timebase.nominal_positions(count, nominal_rate)
    positions = np.clip(positions, 0, len(features) - 1)
    left = np.floor(positions).astype(int)
    right = np.minimum(left + 1, len(features) - 1)
    weight = (positions - left).astype(np.float32)[:, None]
    return (features[left] * (1 - weight) + features[right] * weight).astype(np.float32)


def load_array(path: str | os.PathLike) -> np.ndarray:
    """Unpickle one stream `[frames, 1024]` as float32 without running code from the file.

    Raises:
        InputError: as `load_regnet_features`.
    """
    path = check_input(path)
    if path.stat().st_size > _LONGEST:
        raise InputError(f"{path} is too large for features of one clip; give a shorter clip.")
    try:
        with path.open("rb") as file:
            array = _ArrayUnpickler(file).load()
    except Exception as error:  # a damaged pickle may raise nearly anything
        raise InputError(f"{path} is not a plain NumPy array; extract it again.") from error
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
        raise InputError(f"{path} is not a plain NumPy array of floats; extract it again.")
    if array.ndim != 2 or array.shape[1] != STREAM_WIDTH or not len(array):
        raise InputError(
            f"{path} has the shape {array.shape}, but (frames, {STREAM_WIDTH}) is needed."
        )
    if not np.isfinite(array).all():
        raise InputError(f"{path} holds values that are not finite; extract it again.")
    return array.astype(np.float32)


class _ArrayUnpickler(pickle.Unpickler):
    """Lets through only what arrays of floats are made of, each by a harmless stand-in."""

    def find_class(self, module, name):
        module = module.replace("numpy._core", "numpy.core")
        try:
            return _ALLOWED[f"{module}.{name}"]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed") from None


def _reconstruct(*_) -> np.ndarray:
    """An empty array, whose content the pickle then sets."""
    return np.empty(0, np.uint8)


def _float_dtype(name, *_) -> np.dtype:
    if name not in _FLOATS:
        raise pickle.UnpicklingError(f"dtype {name!r} is not allowed")
    return np.dtype(name)


def _from_buffer(buffer, dtype, shape, order) -> np.ndarray:
    return np.frombuffer(buffer, dtype).reshape(shape, order=order)


def _encode(text: str, encoding: str = "latin1") -> bytes:
    """How Python 3 stores bytes in pickles of protocol 2."""
    return text.encode("latin1")


_ALLOWED = {
    "numpy.core.multiarray._reconstruct": _reconstruct,
    "numpy.core.numeric._frombuffer": _from_buffer,
    "numpy.ndarray": None,  # named as an argument of _reconstruct, never called
    "numpy.dtype": _float_dtype,
    "_codecs.encode": _encode,
}
