"""REGNET and SpeechSplit: shapes, what they hear, and their size."""

import math
from pathlib import Path

import numpy as np
import pytest

from tests.baselines.cases import (
    BANDS,
    NETWORK_CASES,
    REGNET,
    SPEECHSPLIT,
    features,
    regnet_inputs,
    small_config,
    speechsplit_inputs,
)
from tests.layer_cases import mel
from tests.layer_harness import check_layer
from vsg_tf.baselines.networks.pitch import pitch_contour, quantise_pitch
from vsg_tf.baselines.networks.speechsplit_encoders import sampled_states
from vsg_tf.config import load_config, parse_config
from vsg_tf.layers import RandomResampling
from vsg_tf.model_kinds import build_discriminators, build_generator

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.fixture(scope="module")
def regnet():
    return build_generator(small_config(REGNET))


@pytest.fixture(scope="module")
def speechsplit():
    return build_generator(small_config(SPEECHSPLIT))


@pytest.mark.parametrize("name", NETWORK_CASES)
def test_contract(name, tmp_path):
    check_layer(NETWORK_CASES[name], tmp_path)


@pytest.mark.parametrize("length", [1, 5])
def test_regnet_shapes(regnet, length):
    outputs = regnet(regnet_inputs(length))
    assert {name: tuple(x.shape) for name, x in outputs.items()} == {
        "mel": (2, 4 * length, BANDS),
        "decoder_mel": (2, 4 * length, BANDS),
    }


def test_regnet_draws_noise_in_training_alone(regnet):
    video = features(6)
    assert np.array_equal(regnet.encode_video(video), regnet.encode_video(video))
    config = small_config({**REGNET, "encoder_dropout": 0.0})
    noisy = build_generator(config)
    first, second = (np.asarray(noisy.encode_video(video, training=True)) for _ in range(2))
    assert not np.allclose(first, second)


def test_regnet_hears_video_and_background_but_no_reference(regnet):
    inputs = regnet_inputs(6)
    made = regnet(inputs)["mel"]
    for name in inputs:
        changed = {**inputs, name: inputs[name][:, ::-1] * 0.5}
        assert not np.array_equal(regnet(changed)["mel"], made)
    temporal = regnet.encode_video(inputs["features"])
    background = regnet.encode_background(inputs["background_mel"])
    for seed in (0, 1):
        reference = regnet.encode_reference(mel(9, BANDS, seed=seed))
        np.testing.assert_array_equal(regnet.decode(temporal, reference, background), made)


def test_regnet_takes_any_feature_width():
    config = small_config(REGNET, video={"front_end": "regnet"})
    wide = np.zeros((1, 3, 2048), "float32")
    generator, (_, judge) = build_generator(config), build_discriminators(config)
    made = generator({"features": wide, "background_mel": mel(5, BANDS, batch=1)})["mel"]
    assert made.shape == (1, 12, BANDS)
    assert judge({"features": wide, "mel": made}).shape == (1, 3, 1)


@pytest.mark.parametrize("length", [1, 4, 9])
def test_speechsplit_keeps_the_length(speechsplit, length):
    inputs = {"mel": mel(length, BANDS), "reference_mel": mel(3, BANDS)}
    assert speechsplit(inputs)["mel"].shape == (2, length, BANDS)


def test_speechsplit_hears_sound_and_reference(speechsplit):
    inputs = speechsplit_inputs(8)
    made = speechsplit(inputs)["mel"]
    for name in inputs:
        changed = {**inputs, name: inputs[name][:, ::-1] * 0.5}
        assert np.abs(speechsplit(changed)["mel"] - made).max() > 1e-6


def test_codes_stand_for_stretches_that_they_have_seen():
    states = np.arange(8, dtype="float32")[None, :, None] * [1.0, 10.0]
    codes = np.asarray(sampled_states(states, 4))
    assert codes[0, :, 0].tolist() == [3, 3, 3, 3, 7, 7, 7, 7]
    assert codes[0, :, 1].tolist() == [0, 0, 0, 0, 40, 40, 40, 40]


def test_resampling_without_shuffling_keeps_the_order():
    positions = RandomResampling(2, 5, shuffle=False, seed=1).draw(3, 60).numpy()
    for row in positions:
        end = int(np.argmax(np.diff(row) < -30)) or len(row)  # from where it is repeated
        steps = np.diff(row[: end + 1])[:-1]
        assert (steps > -1).all() and len(np.unique(np.round(steps, 3))) > 4
    shuffled = RandomResampling(2, 5, seed=1).draw(3, 60).numpy()
    assert (np.diff(shuffled) < -2).sum() > 10


def test_pitch_follows_the_strongest_band_without_its_mean():
    level = np.full((1, 40, 24), 0.1, "float32")
    course = 8 + 4 * np.sin(np.arange(40) / 5)
    bands = np.arange(24)
    level += 0.6 * np.exp(-0.5 * ((bands - course[None, :, None]) / 1.5) ** 2).astype("float32")
    level[:, 30:] = 0.05
    contour, voicing = (np.asarray(x)[0, :, 0] for x in pitch_contour(level))
    assert voicing[:30].all() and not voicing[30:].any() and not contour[30:].any()
    assert np.corrcoef(contour[:30], course[:30])[0, 1] > 0.999
    higher = np.roll(level, 5, axis=2)
    np.testing.assert_allclose(pitch_contour(higher)[0][0, :30, 0], contour[:30], atol=2e-3)


def test_silence_and_noise_have_no_pitch():
    for values in (np.zeros((1, 5, BANDS)), np.full((1, 5, BANDS), 0.7), np.zeros((1, 1, BANDS))):
        contour, voicing = pitch_contour(values.astype("float32"))
        assert np.isfinite(contour).all() and not np.any(voicing)


def test_pitch_classes():
    contour = np.array([[[0.0], [0.5], [1.0], [1.0]]], "float32")
    voicing = np.array([[[1.0], [1.0], [0.5], [0.4]]], "float32")
    classes = np.asarray(quantise_pitch(contour, voicing, 5))
    assert classes.shape == (1, 4, 6) and classes.argmax(-1)[0].tolist() == [1, 3, 5, 0]


def _count(model) -> int:
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


@pytest.mark.parametrize(("auxiliary", "millions"), [(32, 94.1), (256, 96.8)])
def test_regnet_is_as_large_as_the_original(auxiliary, millions):
    values = load_config(CONFIGS / "regnet.yaml").model_dump(mode="json")
    values["model"]["auxiliary_size"] = auxiliary
    generator = build_generator(parse_config(values))
    assert 94e6 <= _count(generator) <= 97e6
    # The original also has weights that cannot matter, most of them an unused LSTM direction.
    unused = 4 * auxiliary * (3 * auxiliary + 2)
    assert _count(generator) + unused == pytest.approx(millions * 1e6, rel=5e-4)


def test_speechsplit_is_as_large_as_the_original():
    generator = build_generator(load_config(CONFIGS / "speechsplit.yaml"))
    embedding = _count(generator.sound_embedding)  # in place of labels, which have no weights
    assert _count(generator) - embedding == pytest.approx(19.4378e6, rel=1e-3)
    assert embedding == pytest.approx(2.3e6, rel=0.01)


@pytest.mark.parametrize("model", [REGNET, SPEECHSPLIT], ids=["regnet", "speechsplit"])
def test_built_models_have_all_weights(model):
    generator = build_generator(small_config(model))
    before = {weight.path for weight in generator.weights}
    assert len(before) == len(generator.weights)
    inputs = regnet_inputs(3) if model is REGNET else speechsplit_inputs(3)
    generator(inputs, training=True)
    assert {weight.path for weight in generator.weights} == before
