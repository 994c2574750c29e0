"""Several front ends side by side: the features of one, then those of the next."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from vsg_tf.frontends.front_end import CellLayout, FrontEnd, Pictures, PictureSource
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np
    import tensorflow as tf


class JoinedFrontEnds(FrontEnd):
    """Features of several front ends in one frame; their widths add.

    Cells are those of the first; the others' values are then values of the whole picture.

    Args:
        joined: the front ends, in order.
    """

    def __init__(self, joined: Sequence[FrontEnd]):
        super().__init__()
        self._parts = tuple(joined)
        self.augments = any(part.augments for part in joined)
        self.slow = any(part.slow for part in joined)
        self.loops = any(part.loops for part in joined)

    def __reduce__(self):
        return type(self), (self._parts,)

    @property
    def name(self) -> str:
        """The names of all."""
        return " + ".join(part.name for part in self._parts)

    @property
    def synthetic(self) -> bool:
        """Whether all of them understand the pictures of synthetic clips."""
        return all(part.synthetic for part in self._parts)

    @property
    def width(self) -> int:
        return sum(part.width for part in self._parts)

    @property
    def cells(self) -> CellLayout | None:
        first = self._parts[0].cells
        if first is None:
            return None
        more = self.width - first.width
        return CellLayout(first.cells, first.channels, first.global_channels + more)

    @property
    def pictures(self) -> Pictures:
        """The first one's; `extract` asks for those of each."""
        return self._parts[0].pictures

    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        raise TypeError("Joined front ends want pictures of several kinds: call extract.")

    def extract(
        self, source: PictureSource, timebase: TimeBase, duration_s: float | None = None
    ) -> "np.ndarray":
        import numpy as np

        features = [part.extract(source, timebase, duration_s) for part in self._parts]
        frames = min(map(len, features))  # equal, unless the duration was left to each to measure
        return np.concatenate([values[:frames] for values in features], axis=1)

    def augment(self, features: "tf.Tensor", seed: "tf.Tensor") -> "tf.Tensor":
        import tensorflow as tf

        values = tf.split(features, [part.width for part in self._parts], axis=1)
        seeds = tf.random.split(seed, len(self._parts))
        varied = [
            part.augment(some, seeds[number])
            for number, (part, some) in enumerate(zip(self._parts, values, strict=True))
        ]
        return tf.concat(varied, axis=1)

    def weights(self) -> dict[str, str]:
        return {name: digest for part in self._parts for name, digest in part.weights().items()}

    def parts(self) -> tuple[FrontEnd, ...]:
        return self._parts
