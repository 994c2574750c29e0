"""Features of the clips seen last, because pretrained networks are slow and clips come again."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from vsg_tf.frontends.front_end import FrontEnd
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip

KEPT = 8  # clips, as long as they are not longer together than this many values
_MOST_VALUES = 1 << 26  # 256 MB

_memory: OrderedDict[tuple, np.ndarray] = OrderedDict()
_lock = threading.Lock()


def remembered(
    front_end: FrontEnd, clip: Clip, timebase: TimeBase, make: Callable[[], np.ndarray]
) -> np.ndarray:
    """Features of a clip: those made before in this process, if its file is still the same.

    Args:
        front_end: whose features they are.
        clip: the clip.
        timebase: the grids.
        make: makes them.

    Returns:
        What `make` gave, `[feature_frames, width]`, not to be written to.
    """
    state = clip.path.stat()
    key = (clip.path.resolve(), state.st_size, state.st_mtime_ns, front_end, timebase)
    with _lock:
        if key in _memory:
            _memory.move_to_end(key)
            return _memory[key]
    features = make()
    features.setflags(write=False)
    with _lock:
        _memory[key] = features
        while len(_memory) > 1 and (
            len(_memory) > KEPT or sum(kept.size for kept in _memory.values()) > _MOST_VALUES
        ):
            _memory.popitem(last=False)
    return features
