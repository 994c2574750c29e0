"""The one schema of every setting. [P] marks the paper's numbers, [R] our reading of it."""

from typing import Annotated, Any, Literal

from pydantic import (
    Discriminator,
    Field,
    PositiveFloat,
    PositiveInt,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from vsg_tf.config.baselines import RegnetConfig, SpeechSplitConfig
from vsg_tf.config.fields import BelowOne, Count, Fraction, NonNegative, Section
from vsg_tf.config.network import ModelConfig
from vsg_tf.config.vocoder import VocoderConfig
from vsg_tf.errors import ConfigError
from vsg_tf.frontends.front_end import FrontEnd
from vsg_tf.frontends.registry import build_front_end, find_front_end, front_end_names
from vsg_tf.timebase import TimeBase

SCHEMA_VERSION = 1
PAPER_FRONT_END = "regnet"
MODEL_KINDS = {
    "varietysound": ModelConfig,
    "regnet": RegnetConfig,
    "speechsplit": SpeechSplitConfig,
    "vocoder": VocoderConfig,
}


def _model_kind(model: Any) -> str | None:
    if isinstance(model, dict):
        kind = model.get("kind", "varietysound")
        return kind if isinstance(kind, str) else None
    return getattr(model, "kind", None)


AnyModel = Annotated[
    Annotated[ModelConfig, Tag("varietysound")]
    | Annotated[RegnetConfig, Tag("regnet")]
    | Annotated[SpeechSplitConfig, Tag("speechsplit")]
    | Annotated[VocoderConfig, Tag("vocoder")],
    Discriminator(
        _model_kind,
        custom_error_type="unknown_kind",
        custom_error_message=f"the kind of a model must be one of {', '.join(MODEL_KINDS)}",
    ),
]


class AudioConfig(Section):
    """Waveform and mel grid (REGNET's grid [P]; level scaling as its published mels)."""

    sample_rate: Annotated[int, Field(ge=1000, le=384_000)] = 22050
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
        if self.n_mels > self.n_fft // 2:
            raise ValueError(f"{self.n_mels} n_mels are more than {self.n_fft // 2}, half of n_fft")
        return self

    @property
    def mel_top(self) -> float:
        """Upper edge of the mel bands in Hz."""
        return self.f_max if self.f_max is not None else self.sample_rate / 2

    @property
    def mel_grid(self) -> dict[str, Any]:
        """What mels depend on: models with equal grids understand each other's."""
        return self.model_dump(mode="json", exclude={"griffin_lim_iterations"})


class VideoConfig(Section):
    """Which visual front end feeds the temporal encoder; `vsg_tf.frontends` knows them."""

    front_end: str | None = None  # None: regnet, the paper's, unless front_ends names others
    front_ends: Annotated[tuple[str, ...], Field(min_length=1)] | None = None  # several, joined
    settings: Annotated[dict[str, dict[str, Any]], Field(validate_default=True)] = {}
    mel_per_feature: PositiveInt = 4  # [R] two stride-2 layers bring video rate to mel rate

    @model_validator(mode="before")
    @classmethod
    def _choose(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        one, several = values.get("front_end"), values.get("front_ends")
        if one is not None and several is not None:
            raise ValueError("front_end and front_ends are both given; set one of them to null")
        return {**values, "front_end": PAPER_FRONT_END} if one is several is None else values

    @field_validator("front_end", "front_ends")
    @classmethod
    def _check_names(cls, value: str | tuple[str, ...] | None) -> Any:
        given = (value,) if isinstance(value, str) else value or ()
        for name in given:
            try:
                find_front_end(name)
            except ConfigError as error:
                known = ", ".join(front_end_names())
                raise PydanticCustomError(
                    "unknown_front_end", "input should be of {known}", {"known": known}
                ) from error
        if len(set(given)) < len(given):
            raise PydanticCustomError("twice", "input should name each front end once")
        return value

    @field_validator("settings")
    @classmethod
    def _fill_settings(cls, value: dict, info: ValidationInfo) -> dict:
        """Settings of every front end in use, with their defaults."""
        one, several = info.data.get("front_end"), info.data.get("front_ends")
        used = (one,) if one else several or ()
        cls._check_names(tuple(value))  # those not in use may stay from the file this is based on
        filled = {}
        for name in used:
            try:
                made = find_front_end(name).Settings.model_validate(value.get(name, {}))
            except ValidationError as error:
                first = error.errors()[0]
                key = ".".join(map(str, (name, *first["loc"])))
                raise PydanticCustomError(
                    "front_end_settings",
                    "{key}: {message}",
                    {"key": key, "message": first["msg"].removeprefix("Value error, ")},
                ) from error
            if values := made.model_dump(mode="json"):
                filled[name] = values
        return filled

    @model_serializer(mode="wrap")
    def _leave_out_what_is_not_said(self, serialize: Any) -> dict[str, Any]:
        return {key: value for key, value in serialize(self).items() if value not in (None, {})}

    @property
    def visual(self) -> FrontEnd:
        """The front end, or several joined; the same object for equal settings."""
        return build_front_end(self.front_ends or (self.front_end,), self.settings)

    @property
    def feature_width(self) -> int:
        """Values per feature frame; the paper's are 1024 of the picture + 1024 of the flow [P]."""
        return self.visual.width


class LossConfig(Section):
    """Weights of the loss terms: lambda_m 1e5 and lambda_a 1.0 are the paper's."""

    mel: NonNegative = 1e5
    mel_kind: Literal["mse", "l1", "l1_mse"] = "mse"  # [R] REGNET's: mean squared error
    loud_frame_weight: NonNegative = 0.0  # beyond the paper: extra weight on frames above 0.25
    adversarial: NonNegative = 1.0
    adversarial_kind: Literal["least_squares", "cross_entropy"] = "least_squares"  # [R]
    events: NonNegative = 0.0
    stft: NonNegative = 0.0  # this and the next two: of waveforms, for a vocoder
    magnitude: NonNegative = 0.0
    feature_matching: NonNegative = 0.0


class TrainingConfig(Section):
    """Optimisation."""

    steps: PositiveInt = 200_000
    batch_size: PositiveInt = 16  # over all replicas
    crop_seconds: PositiveFloat | None = None  # None: whole clips of the corpus' common length
    learning_rate: PositiveFloat = 2e-4  # [R] REGNET's
    discriminator_learning_rate: PositiveFloat = 2e-4
    schedule: Literal["constant", "cosine"] = "constant"
    learning_rate_warmup: Count = 0
    beta_1: BelowOne = 0.5
    beta_2: BelowOne = 0.999
    weight_decay: NonNegative = 0.0
    clip_norm: PositiveFloat | None = 1.0
    adversarial_start: Count = 0  # steps before the adversarial terms count
    adversarial_ramp: Count = 0
    ema: BelowOne = 0.0  # 0: no averaging
    mixed_precision: bool = False
    seed: Annotated[int, Field(ge=0, lt=1 << 31)] = 0
    log_every: PositiveInt = 50
    validate_every: PositiveInt = 1000
    validation_batches: PositiveInt = 8
    checkpoint_every: PositiveInt = 500
    keep_checkpoints: PositiveInt = 3

    @model_validator(mode="after")
    def _check(self):
        if self.learning_rate_warmup >= self.steps:
            raise ValueError(
                "learning_rate_warmup must be shorter than steps; shorten both (vsg train has "
                "--steps for that)"
            )
        return self


class DataConfig(Section):
    """What the input pipeline does with prepared examples."""

    clip_seconds: Annotated[float, Field(gt=0, le=600)] = 10.0  # length of a prepared example
    own_reference: Fraction = 1.0  # [P] how often the clip's own mel is its reference
    shuffle_buffer: PositiveInt = 512
    max_events: PositiveInt = 64  # rows of a batch's event lists; later events are dropped
    feature_augmentation: bool = False  # vary features in training, as their front end does
    deterministic: bool = True


class Config(Section):
    """Everything that defines a model and its training."""

    schema_version: Literal[1] = SCHEMA_VERSION
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] = "unnamed"
    audio: AudioConfig = AudioConfig()
    video: VideoConfig = Field(default_factory=VideoConfig)  # front ends import this package
    model: AnyModel = ModelConfig()
    loss: LossConfig = LossConfig()
    training: TrainingConfig = TrainingConfig()
    data: DataConfig = DataConfig()

    @model_validator(mode="after")
    def _check(self):
        if (self.loss.events > 0) != self.model.events.enabled:
            raise ValueError(
                "loss.events above 0 and model.events.enabled: true need each other, "
                "because events are learnt by that loss alone"
            )
        if self.data.feature_augmentation and not self.video.visual.augments:
            raise ValueError(
                f"data.feature_augmentation is true, but the front end {self.video.visual.name} "
                "cannot vary its features; set it to false"
            )
        crop = self.training.crop_seconds
        if crop is not None and crop > self.data.clip_seconds:
            raise ValueError("training.crop_seconds must not exceed data.clip_seconds")
        if self.loss.adversarial == 0 and self.loss.mel == 0:
            raise ValueError("loss.mel and loss.adversarial are both 0: no mel would be learnt")
        if self.model.kind == "varietysound":
            self._check_varietysound(crop or self.data.clip_seconds)
        elif self.model.kind == "regnet" and self.video.mel_per_feature != 4:
            raise ValueError(
                f"video.mel_per_feature is {self.video.mel_per_feature}, but REGNET's decoder "
                "makes 4 mel frames of a feature frame"
            )
        elif self.model.kind == "speechsplit" and self.loss.adversarial > 0:
            raise ValueError("a SpeechSplit model has no discriminator: set loss.adversarial to 0")
        elif self.model.kind == "vocoder" and self.audio.n_fft % 2:
            raise ValueError(f"a vocoder needs an even audio.n_fft, not {self.audio.n_fft}")
        self._check_waveform_losses()
        return self

    def _check_waveform_losses(self) -> None:
        for name in ("stft", "magnitude", "feature_matching"):
            if getattr(self.loss, name) and self.model.kind != "vocoder":
                raise ValueError(f"loss.{name} is for model.kind: vocoder alone; set it to 0")

    def _check_varietysound(self, seconds: float) -> None:
        product = 1
        for stride in self.model.decoder.upsampling_strides:
            product *= stride
        if product != self.video.mel_per_feature:
            raise ValueError(
                f"model.decoder.upsampling_strides multiply to {product} but "
                f"video.mel_per_feature is {self.video.mel_per_feature}; they must be equal"
            )
        if self.model.temporal.cell_attention and self.video.visual.cells is None:
            raise ValueError(
                "model.temporal.cell_attention needs a front end whose features are in picture "
                f"cells, such as motion; {self.video.visual.name} has none"
            )
        if self.loss.adversarial > 0:
            self._check_discriminators(seconds)

    def _check_discriminators(self, seconds: float) -> None:
        settings = self.model.discriminators
        if not (settings.mel_enabled or settings.alignment_enabled):
            raise ValueError(
                "loss.adversarial needs a discriminator: set it to 0, or "
                "model.discriminators.mel_enabled or .alignment_enabled to true"
            )
        frames = int(seconds * self.timebase.mel_rate)
        if settings.mel_enabled and max(settings.windows) > frames:
            raise ValueError(
                f"model.discriminators.windows holds {max(settings.windows)} mel frames but "
                f"{seconds:g} s of training clip are {frames}"
            )

    @property
    def drive_width(self) -> int:
        """Values per feature frame of what tells a model when to sound: visual features, or for
        SpeechSplit the mel of the sound to convert, `mel_per_feature` of its frames side by side.
        """
        if self.model.kind == "speechsplit":
            return self.video.mel_per_feature * self.audio.n_mels
        return self.video.feature_width

    @property
    def timebase(self) -> TimeBase:
        """The grids of this configuration."""
        return TimeBase(self.audio.sample_rate, self.audio.hop_length, self.video.mel_per_feature)
