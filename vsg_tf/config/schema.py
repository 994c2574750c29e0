"""The one schema of every setting. [P] marks the paper's numbers, [R] our reading of it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

from vsg_tf.timebase import TimeBase

SCHEMA_VERSION = 1

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
NonNegative = Annotated[float, Field(ge=0.0)]
Dropout = Annotated[float, Field(ge=0.0, lt=1.0)]


class Section(BaseModel):
    """A part of the configuration: immutable, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AudioConfig(Section):
    """Waveform and mel grid (REGNET's grid [P]; level scaling as its published mels)."""

    sample_rate: PositiveInt = 22050
    n_fft: PositiveInt = 1024
    hop_length: PositiveInt = 256
    n_mels: PositiveInt = 80
    f_min: NonNegative = 125.0
    f_max: PositiveFloat | None = 7600.0  # None: half the sample rate
    griffin_lim_iterations: PositiveInt = 32

    @model_validator(mode="after")
    def _check(self):
        top = self.mel_top
        if top > self.sample_rate / 2:
            raise ValueError(f"f_max {top:g} Hz is above half the sample rate {self.sample_rate}")
        if self.f_min >= top:
            raise ValueError(f"f_min {self.f_min:g} Hz must be below f_max {top:g} Hz")
        if self.hop_length * 2 > self.n_fft:
            raise ValueError("hop_length must be at most half of n_fft, or frames do not overlap")
        return self

    @property
    def mel_top(self) -> float:
        """Upper edge of the mel bands in Hz."""
        return self.f_max if self.f_max is not None else self.sample_rate / 2


class VideoConfig(Section):
    """Which visual front end feeds the temporal encoder."""

    front_end: Literal["motion", "regnet"] = "regnet"
    mel_per_feature: PositiveInt = 4  # [R] two stride-2 layers bring video rate to mel rate

    @property
    def feature_width(self) -> int:
        """Values per feature frame: 2048 = 1024 RGB + 1024 flow [P], or the motion front end's."""
        return 2048 if self.front_end == "regnet" else 282


class TemporalEncoderConfig(Section):
    """Table of the paper; norm and bidirectionality are [R]."""

    conv_layers: PositiveInt = 8
    kernel: PositiveInt = 5
    filters: PositiveInt = 512
    lstm_layers: Annotated[int, Field(ge=0)] = 2
    lstm_units: PositiveInt = 256
    code_size: PositiveInt = 8
    dilation_cycle: PositiveInt = 1  # beyond the paper: dilations 1, 2, 4 ... with this period
    residual: bool = False  # beyond the paper: convolutions after the first are residual
    dropout: Dropout = 0.0
    cell_attention: bool = False  # beyond the paper: share one convolution over picture cells
    cell_filters: PositiveInt = 24


class AcousticEncoderConfig(Section):
    """SGAU stack, then LSTMs whose final states are the timbre vector [R]."""

    units: PositiveInt = 5
    filters: PositiveInt = 512
    input_kernels: tuple[PositiveInt, PositiveInt] = (5, 7)
    output_kernel: PositiveInt = 3
    skip_kernel: PositiveInt = 5
    norm_groups: PositiveInt = 32
    lstm_layers: Annotated[int, Field(ge=0)] = 2  # 0: mean and deviation over time instead
    lstm_units: PositiveInt = 256

    @model_validator(mode="after")
    def _check(self):
        if self.filters % self.norm_groups:
            raise ValueError(
                f"filters {self.filters} must be a multiple of norm_groups {self.norm_groups}"
            )
        return self


class ResamplingConfig(Section):
    """Random resampling R: segment lengths in frames, stretch factors; SpeechSplit's values [R]."""

    min_segment: PositiveInt = 19
    max_segment: PositiveInt = 32
    min_stretch: PositiveFloat = 0.5
    max_stretch: PositiveFloat = 1.5
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
    dropout: Dropout = 0.1
    positions: Literal["sinusoidal", "none"] = "sinusoidal"
    reference_attention: bool = False  # beyond the paper: blocks attend to the reference's frames
    copy_head: bool = False  # beyond the paper: output = attended reference mel + residual

    @model_validator(mode="after")
    def _check(self):
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
    drop: Fraction = 0.05
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


class ModelConfig(Section):
    """The generator of four parts, and its opponents."""

    temporal: TemporalEncoderConfig = TemporalEncoderConfig()
    acoustic: AcousticEncoderConfig = AcousticEncoderConfig()
    resampling: ResamplingConfig = ResamplingConfig()
    background: BackgroundEncoderConfig = BackgroundEncoderConfig()
    decoder: DecoderConfig = DecoderConfig()
    events: EventsConfig = EventsConfig()
    discriminators: DiscriminatorConfig = DiscriminatorConfig()


class LossConfig(Section):
    """Weights of the loss terms: lambda_m 1e5 and lambda_a 1.0 are the paper's."""

    mel: NonNegative = 1e5
    mel_kind: Literal["mse", "l1", "l1_mse"] = "mse"  # [R] REGNET's: mean squared error
    loud_frame_weight: NonNegative = 0.0  # beyond the paper: extra weight on frames above 0.25
    adversarial: NonNegative = 1.0
    events: NonNegative = 0.0


class TrainingConfig(Section):
    """Optimisation."""

    steps: PositiveInt = 200_000
    batch_size: PositiveInt = 16  # over all replicas
    crop_seconds: PositiveFloat | None = None  # None: whole clips of the corpus' common length
    learning_rate: PositiveFloat = 2e-4  # [R] REGNET's
    discriminator_learning_rate: PositiveFloat = 2e-4
    schedule: Literal["constant", "cosine"] = "constant"
    learning_rate_warmup: Annotated[int, Field(ge=0)] = 0
    beta_1: Fraction = 0.5
    beta_2: Fraction = 0.999
    weight_decay: NonNegative = 0.0
    clip_norm: PositiveFloat | None = 1.0
    adversarial_start: Annotated[int, Field(ge=0)] = 0  # steps before the adversarial terms count
    adversarial_ramp: Annotated[int, Field(ge=0)] = 0
    ema: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0  # 0: no averaging
    mixed_precision: bool = False
    seed: int = 0
    log_every: PositiveInt = 50
    validate_every: PositiveInt = 1000
    validation_batches: PositiveInt = 8
    checkpoint_every: PositiveInt = 500
    keep_checkpoints: PositiveInt = 3

    @model_validator(mode="after")
    def _check(self):
        if self.learning_rate_warmup >= self.steps:
            raise ValueError("learning_rate_warmup must be shorter than steps")
        return self


class DataConfig(Section):
    """What the input pipeline does with prepared examples."""

    clip_seconds: PositiveFloat = 10.0  # length of a prepared example
    own_reference: Fraction = 1.0  # [P] how often the clip's own mel is its reference
    shuffle_buffer: PositiveInt = 512
    max_events: PositiveInt = 64  # rows of a batch's event lists; later events are dropped
    feature_augmentation: bool = False  # vary motion features in training
    deterministic: bool = True


class Config(Section):
    """Everything that defines a model and its training."""

    schema_version: Literal[1] = SCHEMA_VERSION
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] = "unnamed"
    audio: AudioConfig = AudioConfig()
    video: VideoConfig = VideoConfig()
    model: ModelConfig = ModelConfig()
    loss: LossConfig = LossConfig()
    training: TrainingConfig = TrainingConfig()
    data: DataConfig = DataConfig()

    @model_validator(mode="after")
    def _check(self):
        product = 1
        for stride in self.model.decoder.upsampling_strides:
            product *= stride
        if product != self.video.mel_per_feature:
            raise ValueError(
                f"model.decoder.upsampling_strides multiply to {product} but "
                f"video.mel_per_feature is {self.video.mel_per_feature}; they must be equal"
            )
        if self.model.temporal.cell_attention and self.video.front_end != "motion":
            raise ValueError("model.temporal.cell_attention needs video.front_end: motion")
        if self.model.decoder.copy_head and self.model.resampling.in_units:
            raise ValueError(
                "model.decoder.copy_head needs model.resampling.in_units: false, "
                "because shuffled units no longer line up with the reference's frames"
            )
        if self.loss.events > 0 and not self.model.events.enabled:
            raise ValueError("loss.events needs model.events.enabled: true")
        crop = self.training.crop_seconds
        if crop is not None and crop > self.data.clip_seconds:
            raise ValueError("training.crop_seconds must not exceed data.clip_seconds")
        return self

    @property
    def timebase(self) -> TimeBase:
        """The grids of this configuration."""
        return TimeBase(self.audio.sample_rate, self.audio.hop_length, self.video.mel_per_feature)
