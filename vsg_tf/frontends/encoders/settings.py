"""What every encoder of pictures has to be told."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, PositiveInt

from vsg_tf.frontends.front_end import FrontEndSettings

Rate = Annotated[float, Field(gt=0.0, le=240.0)]
Channels = Annotated[tuple[float, ...], Field(min_length=1, max_length=3)]


class EncoderSettings(FrontEndSettings):
    """Settings that encoders share."""

    width: PositiveInt = 512  # values of a vector
    rate: Rate = 21.5  # vectors a second; brought to the feature grid by interpolation
    crop: Literal["squash", "center"] = "squash"  # the whole picture, or its middle undistorted
    frames: Annotated[int, Field(ge=1, le=64)] = 1  # pictures of a stack, around the vector's time
    pool: Literal["none", "mean", "first"] = "none"  # of vectors of patches or pictures: one
    normalise: Literal["none", "clip"] = "none"  # clip: zero mean, unit deviation over the clip
    batch: Annotated[int, Field(ge=1, le=1024)] = 16  # of stacks that are run at once
    weights: str | None = None  # SHA-256 of those that a model was trained with

    not_recorded: ClassVar[frozenset[str]] = frozenset({"batch", "weights"})
