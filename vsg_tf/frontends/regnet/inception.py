"""BN-Inception (Ioffe and Szegedy, arXiv 1502.03167) as a table.

`keras_net` and `onnx_net` build it.

Every convolution is followed by batch normalisation and a ReLU. The names are those under which its
weights are published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

PICTURE_SIZE = 224  # pixels of each side of what the net is given
OUTPUT_WIDTH = 1024
EPSILON = 1e-5  # added to variances
NORMALISATION = ("weight", "bias", "running_mean", "running_var")
RGB_MEAN = (104.0, 117.0, 128.0)  # of blue, green and red, 0..255
FLOW_MEAN = (128.0, 128.0)  # of x and y

Tensor = TypeVar("Tensor")


@dataclass(frozen=True)
class Convolution:
    """One convolution with bias.

    Args:
        name: of its weights; its normalisation's is the same with `_bn`.
        inputs, filters: channels in and out.
        kernel, stride: in pixels, on both sides.
    """

    name: str
    inputs: int
    filters: int
    kernel: int
    stride: int = 1

    @property
    def padding(self) -> int:
        """Zeros on each of the four sides."""
        return self.kernel // 2


@dataclass(frozen=True)
class Module:
    """One module: branches side by side, concatenated in the order 1x1, 3x3, double, pool.

    Args:
        name: such as `3a`.
        single: filters of the 1x1 branch; None: there is none, and the other branches halve the
            picture.
        three: filters of the 3x3 branch, reduction first.
        double: filters of the double 3x3 branch, reduction first.
        pool: `average` or `max`, over 3 x 3.
        projection: filters behind the pool; None: none.
    """

    name: str
    single: int | None
    three: tuple[int, int]
    double: tuple[int, int, int]
    pool: str
    projection: int | None

    @property
    def stride(self) -> int:
        """2 where the module halves the picture."""
        return 2 if self.single is None else 1

    def branches(self, inputs: int) -> list[list[Convolution]]:
        """The convolutions of each branch but the pool's."""
        prefix = f"inception_{self.name}_"
        three, double = self.three, self.double
        branches = [
            [
                Convolution(f"{prefix}3x3_reduce", inputs, three[0], 1),
                Convolution(f"{prefix}3x3", three[0], three[1], 3, self.stride),
            ],
            [
                Convolution(f"{prefix}double_3x3_reduce", inputs, double[0], 1),
                Convolution(f"{prefix}double_3x3_1", double[0], double[1], 3),
                Convolution(f"{prefix}double_3x3_2", double[1], double[2], 3, self.stride),
            ],
        ]
        if self.single is not None:
            branches.insert(0, [Convolution(f"{prefix}1x1", inputs, self.single, 1)])
        return branches

    def pool_projection(self, inputs: int) -> Convolution | None:
        """The convolution behind the pool."""
        if self.projection is None:
            return None
        return Convolution(f"inception_{self.name}_pool_proj", inputs, self.projection, 1)

    def outputs(self, inputs: int) -> int:
        """Channels of the result."""
        pooled = inputs if self.projection is None else self.projection
        return (self.single or 0) + self.three[1] + self.double[2] + pooled


STEM = (
    Convolution("conv1_7x7_s2", 3, 64, 7, 2),
    Convolution("conv2_3x3_reduce", 64, 64, 1),
    Convolution("conv2_3x3", 64, 192, 3),
)
MODULES = (
    Module("3a", 64, (64, 64), (64, 96, 96), "average", 32),
    Module("3b", 64, (64, 96), (64, 96, 96), "average", 64),
    Module("3c", None, (128, 160), (64, 96, 96), "max", None),
    Module("4a", 224, (64, 96), (96, 128, 128), "average", 128),
    Module("4b", 192, (96, 128), (96, 128, 128), "average", 128),
    Module("4c", 160, (128, 160), (128, 160, 160), "average", 128),
    Module("4d", 96, (128, 192), (160, 192, 192), "average", 128),
    Module("4e", None, (128, 192), (192, 256, 256), "max", None),
    Module("5a", 352, (192, 320), (160, 224, 224), "average", 128),
    Module("5b", 352, (192, 320), (192, 224, 224), "max", 128),
)


def convolutions() -> Iterator[Convolution]:
    """All 69, in the order of the net."""
    yield from STEM
    channels = STEM[-1].filters
    for module in MODULES:
        for branch in module.branches(channels):
            yield from branch
        projection = module.pool_projection(channels)
        if projection is not None:
            yield projection
        channels = module.outputs(channels)


class Builder(Protocol[Tensor]):
    """What a framework does to make the net."""

    def convolution(self, x: Tensor, layer: Convolution) -> Tensor:
        """Zeros around the picture, convolution, normalisation, ReLU."""

    def pool(self, x: Tensor, kind: str, stride: int) -> Tensor:
        """The average or the largest of 3 x 3 values.

        At stride 1 windows are centred and an average counts zeros around the picture; at stride 2
        the first window begins at the corner and the last may reach over the edge.
        """

    def concatenate(self, parts: Sequence[Tensor]) -> Tensor:
        """Side by side along the channels."""


def build(builder: Builder[Tensor], first: Tensor) -> Tensor:
    """The net behind its first convolution, up to what the global average is taken of.

    Args:
        builder: of a framework.
        first: what the first convolution gives, 64 channels of 112 x 112.

    Returns:
        1024 channels of 7 x 7.
    """
    x = builder.pool(first, "max", 2)
    for layer in STEM[1:]:
        x = builder.convolution(x, layer)
    x = builder.pool(x, "max", 2)
    channels = STEM[-1].filters
    for module in MODULES:
        parts = []
        for branch in module.branches(channels):
            part = x
            for layer in branch:
                part = builder.convolution(part, layer)
            parts.append(part)
        pooled = builder.pool(x, module.pool, module.stride)
        projection = module.pool_projection(channels)
        parts.append(pooled if projection is None else builder.convolution(pooled, projection))
        x = builder.concatenate(parts)
        channels = module.outputs(channels)
    return x
