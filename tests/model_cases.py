"""Every model, set up small, for the harness."""

from tests.layer_cases import events, mel, sequence
from tests.layer_harness import Case
from vsg_tf import models
from vsg_tf.config import Config, parse_config

BANDS = 8


def small_config(**sections) -> Config:
    """The paper's architecture with few channels; keywords replace keys of `model`'s sections."""
    small = {
        "temporal": {"conv_layers": 2, "filters": 8, "lstm_layers": 1, "lstm_units": 4},
        "acoustic": {"units": 2, "filters": 8, "norm_groups": 2, "lstm_units": 4},
        "resampling": {"min_segment": 2, "max_segment": 5},
        "background": {"lstm_layers": 1, "lstm_units": 4},
        "decoder": {"upsampling_filters": 8, "blocks": 1, "hidden": 8, "conv_filters": 8},
        "discriminators": {
            "windows": [8, 16],
            "window_filters": 4,
            "window_layers": 2,
            "upsampling_filters": 8,
            "conv_layers": 2,
            "conv_filters": 8,
        },
    }
    for name, values in sections.items():
        small[name] = {**small.get(name, {}), **values}
    return parse_config(
        {
            "audio": {"n_mels": BANDS},
            "video": {"front_end": "motion"},
            "model": small,
            "loss": {"events": 1.0 if "events" in sections else 0.0},
        }
    )


PAPER = small_config()
BEYOND = small_config(
    temporal={"residual": True, "dilation_cycle": 2, "lstm_layers": 0, "cell_attention": True},
    acoustic={"lstm_layers": 0},
    resampling={"in_units": False},
    background={"pool_over_time": True},
    decoder={"positions": "none", "reference_attention": True, "copy_head": True},
    events={"enabled": True},
)
HEARD = small_config(
    acoustic={"pooling": "attention", "lstm_frames": 4, "loud_share": 0.5, "spectrum": True},
    decoder={"timbre_modulation": True},
)


VOCODER = parse_config(
    {
        "audio": {"n_mels": BANDS, "n_fft": 64, "hop_length": 16},
        "model": {
            "kind": "vocoder",
            "filters": 8,
            "hidden": 12,
            "blocks": 2,
            "kernel": 3,
            "inference_projections": 2,  # each makes a difference in rounding larger
            "periods": [2, 3],
            "resolutions": [32, 16],
            "discriminator_filters": 2,
        },
    }
)


def features(length: int):
    """Video features `[2, length, 282]`."""
    return sequence(length, 282)


def generator_inputs(length: int, with_events: bool = False) -> dict:
    """A batch whose video, reference and background lengths are unrelated."""
    inputs = {
        "features": features(length),
        "reference_mel": mel(3 * length + 1, BANDS),
        "background_mel": mel(2 * length + 3, BANDS, seed=1),
    }
    return {**inputs, "events": events(5)} if with_events else inputs


def decoder_inputs(length: int) -> dict:
    """Codes of unrelated lengths."""
    return {
        "temporal": sequence(length, 8),
        "timbre": sequence(1, 8)[:, 0],
        "background": sequence(length + 2, 8, seed=1),
        "tokens": sequence(2 * length, 8, seed=2),
        "mel": mel(2 * length, BANDS),
    }


def _case(cls, config, inputs, half_output="float32", idle=("attention/key/bias",), training=True):
    return Case(
        lambda: cls(config),
        inputs,
        half_output=half_output,
        takes_training=training,
        idle=idle,
    )


MODEL_CASES = {
    "temporal_encoder": _case(models.TemporalEncoder, PAPER, features, "bfloat16"),
    "temporal_encoder_beyond": _case(models.TemporalEncoder, BEYOND, features, "bfloat16"),
    "acoustic_encoder": _case(models.AcousticEncoder, PAPER, lambda n: mel(n, BANDS), "bfloat16"),
    "acoustic_encoder_beyond": _case(
        models.AcousticEncoder, BEYOND, lambda n: mel(n, BANDS), "bfloat16"
    ),
    "acoustic_encoder_pooled": _case(
        models.AcousticEncoder, HEARD, lambda n: mel(8 * n, BANDS), "bfloat16"
    ),
    "background_encoder": _case(
        models.BackgroundEncoder, PAPER, lambda n: mel(n, BANDS), "bfloat16"
    ),
    "background_encoder_beyond": _case(
        models.BackgroundEncoder, BEYOND, lambda n: mel(n, BANDS), "bfloat16"
    ),
    "mel_decoder": _case(models.MelDecoder, PAPER, decoder_inputs),
    "mel_decoder_modulated": _case(models.MelDecoder, HEARD, decoder_inputs),
    "mel_decoder_beyond": _case(
        models.MelDecoder,
        BEYOND,
        decoder_inputs,
        idle=("attention/key/bias", "cross/key/bias"),
    ),
    "generator": _case(models.Generator, PAPER, generator_inputs),
    "generator_beyond": _case(
        models.Generator,
        BEYOND,
        lambda n: generator_inputs(n, with_events=True),
        idle=("attention/key/bias", "cross/key/bias"),
    ),
    "vocoder": _case(models.Vocoder, VOCODER, lambda n: mel(n, BANDS), training=False),
    "waveform_discriminator": Case(
        lambda: models.WaveformDiscriminator(VOCODER),
        lambda n: sequence(16 * n + 5, 1)[..., 0],
        half_output="float32",
        flat=True,
    ),
    "mel_discriminator": _case(
        models.MultiWindowMelDiscriminator, PAPER, lambda n: mel(2 * n, BANDS)
    ),
    "alignment_discriminator": _case(
        models.AlignmentDiscriminator,
        PAPER,
        lambda n: {"features": features(n), "mel": mel(4 * n, BANDS)},
    ),
}
