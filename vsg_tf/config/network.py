"""The settings of the networks. [P] marks the paper's numbers, [R] our reading of it."""

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from vsg_tf.config.fields import BelowOne, Count, NonNegative, Section

Stretch = Annotated[float, Field(gt=0.0, le=100.0)]
DilationCycle = Annotated[int, Field(ge=1, le=10)]  # the last dilation is 2 ** (cycle - 1)


def check_upsampling(name: str, kernel: int, strides: tuple[int, ...]) -> None:
    """Raise ValueError where the key `name` leaves frames between two strides without input."""
    if kernel < max(strides, default=1):
        raise ValueError(
            f"{name} {kernel} must be at least the largest of the decoder's "
            f"upsampling_strides, {max(strides)}"
        )


class TemporalEncoderConfig(Section):
    """Table of the paper; norm and bidirectionality are [R]."""

    conv_layers: PositiveInt = 8
    kernel: PositiveInt = 5
    filters: PositiveInt = 512
    lstm_layers: Count = 2
    lstm_units: PositiveInt = 256
    code_size: PositiveInt = 8
    dilation_cycle: DilationCycle = 1  # beyond the paper: dilations 1, 2, 4 ... with this period
    residual: bool = False  # beyond the paper: convolutions after the first are residual
    dropout: BelowOne = 0.0
    cell_attention: bool = False  # beyond the paper: share one convolution over picture cells
    cell_filters: PositiveInt = 24


class AcousticEncoderConfig(Section):
    """SGAU stack, then LSTMs, whose final states or pooled outputs are the timbre vector [R]."""

    units: PositiveInt = 5
    filters: PositiveInt = 512
    input_kernels: tuple[PositiveInt, PositiveInt] = (5, 7)
    output_kernel: PositiveInt = 3
    skip_kernel: PositiveInt = 5
    norm_groups: PositiveInt = 32
    lstm_layers: Count = 2  # 0: mean and deviation over time instead
    lstm_units: PositiveInt = 256
    loud_share: Annotated[float, Field(gt=0, le=1)] = 1.0  # of the reference's frames, the loudest
    lstm_frames: PositiveInt = 1  # mel frames averaged to one of the LSTMs' steps
    pooling: Literal["final_states", "attention"] = "final_states"
    spectrum: bool = False  # beyond the paper: the reference's mean spectrum is part of the timbre

    @model_validator(mode="after")
    def _check(self):
        if self.filters % self.norm_groups:
            raise ValueError(
                f"filters {self.filters} must be a multiple of norm_groups {self.norm_groups}"
            )
        if not self.lstm_layers and (self.lstm_frames > 1 or self.pooling != "final_states"):
            raise ValueError(
                "lstm_layers is 0, so there is nothing for lstm_frames and pooling; leave them out"
            )
        return self


class ResamplingConfig(Section):
    """Random resampling R: segment lengths in frames, stretch factors; SpeechSplit's values [R]."""

    min_segment: PositiveInt = 19
    max_segment: PositiveInt = 32
    min_stretch: Stretch = 0.5
    max_stretch: Stretch = 1.5
    on_input: bool = True
    in_units: bool = True

    @model_validator(mode="after")
    def _check(self):
        if self.min_segment > self.max_segment or self.min_stretch > self.max_stretch:
            raise ValueError("each minimum of the resampling must not exceed its maximum")
        return self


class BackgroundEncoderConfig(Section):
    """LSTMs over the energy-masked mel, brought to the video rate before them [R]."""

    lstm_layers: PositiveInt = 2
    lstm_units: PositiveInt = 128
    pool_over_time: bool = False  # beyond the paper: one code a clip, so the mask tells no timing


class DecoderConfig(Section):
    """Two transposed convolutions, four FFT blocks, a projection to mel bands."""

    upsampling_filters: PositiveInt = 1024
    upsampling_kernel: PositiveInt = 4
    upsampling_strides: tuple[PositiveInt, ...] = (2, 2)
    blocks: PositiveInt = 4
    hidden: PositiveInt = 512
    heads: PositiveInt = 2
    conv_kernel: PositiveInt = 9
    conv_filters: PositiveInt = 512
    dropout: BelowOne = 0.1
    positions: Literal["sinusoidal", "none"] = "sinusoidal"
    timbre_modulation: bool = False  # beyond the paper: the timbre scales and shifts every block
    reference_attention: bool = False  # beyond the paper: blocks attend to the reference's frames
    copy_head: bool = False  # beyond the paper: output = attended reference mel + residual
    copy_continuity: Annotated[int, Field(ge=0, le=8)] = 0  # beyond: copy runs, not averages
    copy_continuity_inference: Annotated[int, Field(ge=0, le=8)] | None = None  # None: the same

    @model_validator(mode="after")
    def _check(self):
        check_upsampling("upsampling_kernel", self.upsampling_kernel, self.upsampling_strides)
        if self.hidden % self.heads:
            raise ValueError(f"hidden {self.hidden} must be a multiple of heads {self.heads}")
        if self.copy_head and not self.reference_attention:
            raise ValueError("copy_head needs reference_attention: true")
        return self


class EventsConfig(Section):
    """Event supervision, beyond the paper: the temporal code becomes an event track."""

    enabled: bool = False
    onset_width: PositiveFloat = 0.045  # s, standard deviation of the bump that marks an onset
    jitter: NonNegative = 0.015  # s, random shift of each event given to the decoder in training
    strength_noise: NonNegative = 0.1
    drop: BelowOne = 0.05
    threshold: NonNegative = 0.75  # peaks above mean + threshold x standard deviation are events
    min_gap: NonNegative = 0.15  # s between events


class DiscriminatorConfig(Section):
    """Multi-window mel discriminator [R] and temporal domain alignment discriminator [P]."""

    mel_enabled: bool = True
    alignment_enabled: bool = True
    windows: tuple[PositiveInt, ...] = (32, 64, 128)
    window_filters: PositiveInt = 64
    window_layers: PositiveInt = 4
    upsampling_filters: PositiveInt = 1024
    upsampling_kernel: PositiveInt = 4
    conv_layers: PositiveInt = 4
    conv_kernel: PositiveInt = 4
    conv_filters: PositiveInt = 512

    @model_validator(mode="after")
    def _check(self):
        if self.mel_enabled and not self.windows:
            raise ValueError("mel_enabled needs at least one length in windows")
        return self


class ModelConfig(Section):
    """VarietySound's generator of four parts, and its opponents."""

    kind: Literal["varietysound"] = "varietysound"
    temporal: TemporalEncoderConfig = TemporalEncoderConfig()
    acoustic: AcousticEncoderConfig = AcousticEncoderConfig()
    resampling: ResamplingConfig = ResamplingConfig()
    background: BackgroundEncoderConfig = BackgroundEncoderConfig()
    decoder: DecoderConfig = DecoderConfig()
    events: EventsConfig = EventsConfig()
    discriminators: DiscriminatorConfig = DiscriminatorConfig()

    @model_validator(mode="after")
    def _check(self):
        # The alignment discriminator's upsampling has the decoder's strides.
        name, kernel = "discriminators.upsampling_kernel", self.discriminators.upsampling_kernel
        check_upsampling(name, kernel, self.decoder.upsampling_strides)
        if self.decoder.copy_head and self.resampling.in_units:
            raise ValueError(
                "decoder.copy_head needs resampling.in_units: false, "
                "because shuffled units no longer line up with the reference's frames"
            )
        return self
