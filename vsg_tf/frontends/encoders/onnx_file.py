"""The front end `onnx`: any ONNX file from pictures, or short stacks of them, to vectors."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, PositiveInt, model_validator

from vsg_tf.frontends.encoders.settings import Channels, EncoderSettings
from vsg_tf.frontends.front_end import FrontEnd, Pictures
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np

Layout = Literal["NCHW", "NHWC", "NTCHW", "NCTHW", "NTHWC"]


class OnnxSettings(EncoderSettings):
    """Settings of `onnx`. A pixel p, 0..255, goes in as `(p * scale - mean) / deviation`."""

    file: str = ""  # path, or a name in the folder of weights
    size: tuple[PositiveInt, PositiveInt] = (224, 224)  # width and height in pixels
    colour: Literal["rgb", "bgr", "gray"] = "rgb"
    scale: Annotated[float, Field(gt=0.0)] = 1 / 255
    mean: Channels = (0.0,)
    deviation: Channels = (1.0,)
    layout: Layout = "NCHW"  # N: batch, T: pictures of a stack, C: colours, H, W: picture
    output: str | None = None  # name; None: the file's only one

    not_recorded: ClassVar[frozenset[str]] = EncoderSettings.not_recorded | {"file"}

    @model_validator(mode="after")
    def _check(self):
        channels = 1 if self.colour == "gray" else 3
        for name in ("mean", "deviation"):
            if len(getattr(self, name)) not in (1, channels):
                raise ValueError(f"{name} needs 1 or {channels} values for colour {self.colour}")
        if min(self.deviation) <= 0:
            raise ValueError("deviation must be above 0")
        if self.frames > 1 and "T" not in self.layout:
            raise ValueError(f"frames {self.frames} need a layout with T, such as NTCHW")
        return self


class OnnxFile(FrontEnd):
    """Vectors of an ONNX file, on ONNX Runtime."""

    name = "onnx"
    version = 1
    Settings = OnnxSettings
    slow = True
    settings: OnnxSettings

    @property
    def width(self) -> int:
        return self.settings.width

    @property
    def pictures(self) -> Pictures:
        settings = self.settings
        return Pictures(
            *settings.size, settings.colour, settings.rate, crop=settings.crop == "center"
        )

    @cached_property
    def _network(self):
        from vsg_tf.frontends.encoders.onnx_session import load_encoder

        return load_encoder(self.settings)

    def weights(self) -> dict[str, str]:
        return {self.name: self._network[1]}

    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        from vsg_tf.frontends.encoders.extraction import encode

        settings, encoder = self.settings, self._network[0]
        return encode(
            frames,
            encoder,
            timebase,
            duration_s,
            rate=settings.rate,
            stack=settings.frames,
            batch=encoder.batch or settings.batch,
            pool=settings.pool,
            normalise=settings.normalise,
            width=settings.width,
            name=settings.file,
        )
