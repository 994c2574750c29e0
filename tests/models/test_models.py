from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.layer_cases import events, mel, sequence
from tests.model_cases import (
    BANDS,
    BEYOND,
    HEARD,
    PAPER,
    decoder_inputs,
    features,
    generator_inputs,
    small_config,
)
from vsg_tf import models
from vsg_tf.config import load_config, parse_config
from vsg_tf.errors import ConfigError

PAPER_FILE = Path(__file__).parents[2] / "configs" / "paper.yaml"


@pytest.fixture(scope="module")
def paper():
    return models.build_generator(PAPER)


@pytest.fixture(scope="module")
def beyond():
    return models.build_generator(BEYOND)


@pytest.mark.parametrize("length", [1, 5])
def test_generator_shapes(paper, beyond, length):
    outputs = paper(generator_inputs(length))
    assert set(outputs) == {"mel"} and outputs["mel"].shape == (2, 4 * length, BANDS)
    outputs = beyond(generator_inputs(length, with_events=True))
    assert outputs["mel"].shape == (2, 4 * length, BANDS)
    assert outputs["event_logits"].shape == (2, length, 3)


@pytest.mark.parametrize("name", ["features", "reference_mel", "background_mel"])
def test_each_input_is_heard(paper, name):
    inputs = generator_inputs(6)
    changed = {**inputs, name: inputs[name][:, ::-1] * 0.5}
    difference = np.abs(paper(inputs)["mel"] - paper(changed)["mel"])
    assert difference.max() > 1e-4


def test_with_events_the_list_drives_the_decoder_and_the_picture_does_not(beyond):
    inputs = generator_inputs(6, with_events=True)
    mel_before = np.asarray(beyond(inputs)["mel"])
    other_video = beyond({**inputs, "features": inputs["features"] * -2})
    assert np.array_equal(other_video["mel"], mel_before)
    assert not np.allclose(other_video["event_logits"], beyond(inputs)["event_logits"])
    later = inputs["events"] + np.array([0.05, 0, 0], "float32")
    assert np.abs(beyond({**inputs, "events": later})["mel"] - mel_before).max() > 1e-4


def test_the_call_is_the_sum_of_its_public_parts(beyond):
    inputs = generator_inputs(6, with_events=True)
    whole = beyond(inputs)
    code = beyond.encode_video(inputs["features"])
    curves = beyond.render_events(inputs["events"], 6)
    reference = beyond.encode_reference(inputs["reference_mel"])
    background = beyond.encode_background(inputs["background_mel"])
    assert code.shape == (2, 6, 8) and curves.shape == (2, 6, 3)
    assert reference["timbre"].shape == (2, 8) and reference["tokens"].shape == (2, 19, 8)
    np.testing.assert_allclose(beyond.event_logits(code), whole["event_logits"], atol=1e-6)
    np.testing.assert_allclose(
        beyond.decode(curves, reference, background), whole["mel"], atol=1e-6
    )


def test_training_resamples_the_reference_and_inference_does_not(paper):
    reference = mel(40, BANDS)
    kept = paper.encode_reference(reference)
    moved = paper.encode_reference(reference, training=True)
    assert np.array_equal(kept["mel"], reference)
    assert not np.allclose(moved["mel"], reference)
    # Every unit moves its frames anew, so they no longer follow the moved mel.
    assert not np.allclose(moved["timbre"], kept["timbre"], atol=1e-4)


def test_tokens_follow_the_resampled_mel_where_units_do_not_shuffle(beyond):
    moved = beyond.encode_reference(mel(40, BANDS), training=True)
    again = beyond.encode_reference(moved["mel"])
    np.testing.assert_allclose(moved["tokens"], again["tokens"], atol=1e-5)


def test_switches_of_the_resampling():
    off = models.AcousticEncoder(small_config(resampling={"on_input": False, "in_units": False}))
    reference = mel(40, BANDS)
    np.testing.assert_allclose(
        off(reference)["tokens"], off(reference, training=True)["tokens"], atol=1e-6
    )


def test_convolutions_alone_let_a_long_video_be_encoded_in_pieces():
    encoder = models.TemporalEncoder(small_config(temporal={"lstm_layers": 0}))
    video = features(60)
    whole = np.asarray(encoder(video))
    margin = 4  # two convolutions of kernel 5
    piece = np.asarray(encoder(video[:, 20 - margin : 40 + margin]))[:, margin:-margin]
    np.testing.assert_allclose(piece, whole[:, 20:40], atol=1e-5)


def test_background_codes_follow_the_video_rate_and_ignore_loud_frames():
    encoder = models.BackgroundEncoder(PAPER)
    quiet = np.tile(mel(1, BANDS) * 0.2, (1, 21, 1))
    loud = quiet.copy()
    loud[:, 5:9] += 0.6
    louder = quiet.copy()
    louder[:, 5:9] += 0.7
    assert encoder(quiet).shape == (2, 6, 8)  # 21 mel frames reach into a sixth feature frame
    np.testing.assert_allclose(encoder(loud), encoder(louder), atol=1e-6)
    assert not np.allclose(encoder(loud), encoder(quiet), atol=1e-4)
    pooled = models.BackgroundEncoder(BEYOND)(quiet)
    assert pooled.shape == (2, 1, 8)


def test_mel_discriminator_sees_random_windows_of_each_length():
    judge = models.MultiWindowMelDiscriminator(PAPER)
    long = mel(60, BANDS)
    assert [x.shape for x in judge(long)] == [(2, 2, 2, 1), (2, 4, 2, 1)]
    assert [x.shape for x in judge(mel(3, BANDS))] == [(2, 2, 2, 1), (2, 4, 2, 1)]
    assert np.array_equal(judge(long)[0], judge(long)[0])
    first, second = (np.asarray(judge(long, training=True)[0]) for _ in range(2))
    assert not np.allclose(first, second)


def test_alignment_discriminator_hears_both_sides():
    judge = models.AlignmentDiscriminator(PAPER)
    pair = {"features": features(5), "mel": mel(20, BANDS)}
    logits = judge(pair)
    assert logits.shape == (2, 20, 1)
    assert not np.allclose(judge({**pair, "features": features(5)[:, ::-1]}), logits)
    assert not np.allclose(judge({**pair, "mel": pair["mel"][:, ::-1]}), logits)


def test_discriminators_can_be_left_out():
    switches = {"mel_enabled": False, "alignment_enabled": False}
    config = parse_config({"loss": {"adversarial": 0}, "model": {"discriminators": switches}})
    assert models.build_discriminators(config) == (None, None)
    built = models.build_discriminators(PAPER)
    assert all(judge.trainable_weights for judge in built)


def test_built_generators_have_all_weights(paper):
    before = {weight.path for weight in paper.weights}
    paper(generator_inputs(3), training=True)
    assert {weight.path for weight in paper.weights} == before


def test_event_times_reach_the_curves_on_the_time_base(beyond):
    time = float(BEYOND.timebase.feature_times(10)[7])
    curves = beyond.render_events(np.array([[[time, 1, 0.2]]], "float32"), 10)
    assert np.argmax(curves[0, :, 1]) == 7 and np.isclose(curves[0, 7, 1], 1, atol=1e-4)


def test_longer_lists_and_unused_rows_change_nothing(beyond):
    inputs = generator_inputs(6, with_events=True)
    padded = np.concatenate([events(5), np.zeros((2, 7, 3), "float32")], axis=1)
    np.testing.assert_allclose(
        beyond({**inputs, "events": padded})["mel"], beyond(inputs)["mel"], atol=1e-6
    )


def test_paper_configuration_is_complete_and_equals_the_schema():
    config = load_config(PAPER_FILE)
    written = yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))
    assert written == config.model_dump(mode="json"), "a key is missing from configs/paper.yaml"


def test_a_narrow_code_is_heard_as_much_as_a_wide_one():
    config = small_config(acoustic={"lstm_units": 128}, background={"lstm_units": 64})
    decoder = models.MelDecoder(config)
    codes = {
        "temporal": sequence(50, 3),
        "timbre": sequence(1, 256, seed=1)[:, 0],
        "background": sequence(50, 128, seed=2),
    }

    def first_layer(**changed):
        layer = decoder.upsampling[0]
        inputs = {**codes, **changed}
        decoder(inputs)
        return np.asarray(layer(decoder._fuse(**inputs)))

    with_all = first_layer()
    effect = {
        name: np.std(with_all - first_layer(**{name: np.zeros_like(code)}))
        for name, code in codes.items()
    }
    assert max(effect.values()) < 2 * min(effect.values())


def test_the_timbre_can_be_heard_by_the_blocks_themselves():
    decoder = models.MelDecoder(HEARD)
    codes = decoder_inputs(6)
    decoder(codes)
    # At first nothing is modulated; then the timbre alone makes the difference.
    weights = [layer.kernel for layer in decoder.modulations]
    assert len(weights) == 2 and not any(np.any(kernel) for kernel in weights)
    mute = {**codes, "timbre": np.zeros_like(codes["timbre"])}
    before = np.asarray(decoder(codes)), np.asarray(decoder(mute))
    for kernel in weights:
        kernel.assign(sequence(*kernel.shape, batch=1)[0])
    np.testing.assert_allclose(decoder(mute), before[1], rtol=1e-5, atol=1e-6)
    assert np.abs(np.asarray(decoder(codes)) - before[0]).max() > 0.1


def test_a_timbre_pooled_by_weights_takes_references_of_any_length():
    encoder = models.AcousticEncoder(HEARD)
    for length in (1, 5, 43):
        assert encoder(mel(length, BANDS))["timbre"].shape == (2, 8)
    with pytest.raises(ConfigError, match="nothing for lstm_frames and pooling"):
        small_config(acoustic={"lstm_layers": 0, "pooling": "attention"})


def test_noise_as_a_temporal_code_is_accepted(paper):
    inputs = generator_inputs(6)
    reference = paper.encode_reference(inputs["reference_mel"])
    background = paper.encode_background(inputs["background_mel"])
    silent = paper.decode(np.zeros((2, 6, 8), "float32"), reference, background)
    noisy = paper.decode(sequence(6, 8), reference, background)
    assert silent.shape == noisy.shape and np.abs(silent - noisy).max() > 1e-4
