"""The settings of the vocoder, beyond the paper. Sizes are near those of Vocos [R]."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, PositiveInt, model_validator

from vsg_tf.config.fields import Section
from vsg_tf.config.network import EventsConfig

Projections = Annotated[int, Field(ge=0, le=64)]
FrameLength = Annotated[int, Field(ge=16, multiple_of=4)]


class VocoderConfig(Section):
    """Mel to waveform, and its discriminator; the audio grid is that of the mels to invert."""

    kind: Literal["vocoder"] = "vocoder"
    filters: PositiveInt = 192
    hidden: PositiveInt = 576
    blocks: PositiveInt = 6
    kernel: PositiveInt = 7
    # Steps of Griffin-Lim after the network: those it is trained through, and those it then gets.
    projections: Projections = 6
    inference_projections: Projections = 10
    periods: tuple[PositiveInt, ...] = (2, 3, 5, 7, 11)  # HiFi-GAN's
    resolutions: tuple[FrameLength, ...] = (1024, 512, 256)
    discriminator_filters: PositiveInt = 8

    events: ClassVar[EventsConfig] = EventsConfig()  # it knows no event lists

    @model_validator(mode="after")
    def _check(self):
        if not self.periods and not self.resolutions:
            raise ValueError("the discriminator needs periods or resolutions")
        return self
