"""The front end `keras_hub`: the image or video encoder of a preset of KerasHub."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from pydantic import PositiveInt

from vsg_tf.frontends.encoders.settings import EncoderSettings
from vsg_tf.frontends.front_end import FrontEnd, Pictures
from vsg_tf.timebase import TimeBase

if TYPE_CHECKING:
    import numpy as np


class KerasHubSettings(EncoderSettings):
    """Settings of `keras_hub`; pixels are scaled as the preset's image converter says."""

    preset: str = ""  # folder of a preset, or a name in the folder of weights
    size: tuple[PositiveInt, PositiveInt] = (224, 224)  # width and height in pixels
    output: str | None = None  # which one, of an encoder that gives several

    not_recorded: ClassVar[frozenset[str]] = EncoderSettings.not_recorded | {"preset"}


class KerasHub(FrontEnd):
    """Vectors of an encoder of KerasHub, on Keras."""

    name = "keras_hub"
    version = 1
    Settings = KerasHubSettings
    slow = True
    settings: KerasHubSettings

    @property
    def width(self) -> int:
        return self.settings.width

    @property
    def pictures(self) -> Pictures:
        settings = self.settings
        return Pictures(*settings.size, "rgb", settings.rate, crop=settings.crop == "center")

    @cached_property
    def _encoder(self):
        from vsg_tf.frontends.encoders.keras_presets import load_preset

        return load_preset(self.settings)

    def weights(self) -> dict[str, str]:
        return {self.name: self._encoder.digest}

    def extract_pictures(
        self,
        frames: "Iterable[tuple[float, np.ndarray]]",
        timebase: TimeBase,
        duration_s: float | None = None,
    ) -> "np.ndarray":
        from vsg_tf.frontends.encoders.extraction import encode

        settings = self.settings
        return encode(
            frames,
            self._encoder,
            timebase,
            duration_s,
            rate=settings.rate,
            stack=settings.frames,
            batch=settings.batch,
            pool=settings.pool,
            normalise=settings.normalise,
            width=settings.width,
            name=settings.preset,
        )
