"""REGNET and SpeechSplit, set up small."""

from tests.layer_cases import mel, sequence
from tests.layer_harness import Case
from vsg_tf.baselines import networks
from vsg_tf.config import Config, parse_config

BANDS = 8
REGNET = {
    "kind": "regnet",
    "encoder_layers": 2,
    "encoder_filters": 8,
    "lstm_layers": 1,
    "lstm_units": 4,
    "noise_size": 4,
    "auxiliary_size": 4,
    "decoder_filters": 16,
    "postnet_layers": 2,
    "postnet_filters": 8,
    "discriminator_filters": 2,
}
SPEECHSPLIT = {
    "kind": "speechsplit",
    "encoder_layers": 1,
    "content_filters": 8,
    "content_lstm_layers": 1,
    "content_units": 2,
    "pitch_filters": 8,
    "pitch_units": 2,
    "pitch_bins": 16,
    "rhythm_filters": 8,
    "norm_channels": 4,
    "code_interval": 4,
    "decoder_lstm_layers": 1,
    "decoder_units": 8,
    "embedding_size": 6,
    "embedding_lstm_layers": 1,
    "embedding_units": 4,
    "resampling": {"min_segment": 2, "max_segment": 5},
}


def small_config(model: dict, **sections) -> Config:
    """A configuration with that model; keywords replace other sections."""
    adversarial = 1.0 if model["kind"] == "regnet" else 0.0
    return parse_config(
        {
            "name": f"small-{model['kind']}",
            "audio": {"n_mels": BANDS, "griffin_lim_iterations": 2},
            "video": {"front_end": "motion"},
            "model": model,
            "loss": {"adversarial": adversarial, "adversarial_kind": "cross_entropy"},
            **sections,
        }
    )


def features(length: int):
    """Video features `[2, length, 282]`."""
    return sequence(length, 282)


def regnet_inputs(length: int) -> dict:
    """Features, and a mel of an unrelated length."""
    return {"features": features(length), "background_mel": mel(length + 1, BANDS)}


def speechsplit_inputs(length: int) -> dict:
    """A sound to convert and a reference of an unrelated length."""
    return {"mel": mel(length, BANDS), "reference_mel": mel(length - 1, BANDS, seed=1)}


_REGNET, _SPEECHSPLIT = small_config(REGNET), small_config(SPEECHSPLIT)
NETWORK_CASES = {
    "regnet": Case(
        lambda: networks.RegnetGenerator(_REGNET),
        regnet_inputs,
        half_output="float32",
        takes_training=True,
    ),
    "regnet_discriminator": Case(
        lambda: networks.RegnetDiscriminator(_REGNET),
        lambda n: {"features": features(n), "mel": mel(4 * n, BANDS)},
        half_output="float32",
        takes_training=True,
    ),
    "speechsplit": Case(
        lambda: networks.SpeechSplitGenerator(_SPEECHSPLIT),
        speechsplit_inputs,
        half_output="float32",
        takes_training=True,
    ),
}
