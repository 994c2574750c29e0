"""Whole clips through an export give what `Synthesizer` gives."""

import numpy as np
import pytest
import soundfile
import tensorflow as tf

from tests.media_writing import hits
from tests.synthesis import timing_for, waveform_of
from vsg_tf.events import EventTrack
from vsg_tf.inference.renderers import mel_inversion
from vsg_tf.inference.renderers.names import RendererName
from vsg_tf.inference.synthesizer import Synthesizer

CLOSE = {"atol": 1e-3}  # of a mel in 0..1: 0.1 dB


@pytest.fixture(scope="module")
def synthesizer(networks):
    return Synthesizer(networks)


@pytest.fixture(scope="module")
def paper_synthesizer(paper_networks):
    return Synthesizer(paper_networks)


def _waveform(synthesizer, features, reference, **options):
    # What an export holds: the models with events have a vocoder.
    learnt = synthesizer.uses_events
    options["renderer"] = RendererName.VOCODER if learnt else RendererName.GRIFFIN_LIM
    return waveform_of(synthesizer, features, reference, **options)


def _features(synthesizer, frames, seed=0):
    width = synthesizer.config.video.feature_width
    return np.random.default_rng(seed).normal(size=(frames, width)).astype(np.float32)


def _reference(synthesizer, folder, waveform):
    path = folder / "reference.wav"
    soundfile.write(path, waveform, synthesizer.sample_rate, subtype="FLOAT")
    return synthesizer.voice(path)


def _sound(seconds=1.0, seed=0):
    noise = 0.003 * np.random.default_rng(seed).normal(size=round(22050 * seconds))
    return (hits(seconds=seconds, times=(0.1, 0.4)) + noise).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.06, 0.31, 1.7])
def test_encoded_reference(signatures, synthesizer, tmp_path, seconds):
    waveform = _sound(max(seconds, 0.5))[: round(22050 * seconds)]
    own = _reference(synthesizer, tmp_path, waveform)
    code = signatures["encode_reference"](reference=tf.constant(waveform[None]))
    np.testing.assert_allclose(code["reference_mel"][0], own.mel, atol=2e-5)
    own_code = synthesizer.networks.encode_reference(own.clean)
    for name, values in own_code.items():
        np.testing.assert_allclose(code[name], values, atol=1e-4)
    ring = float(code["ring_s"][0])
    assert np.isnan(ring) if own.decay_s is None else ring == pytest.approx(own.decay_s)


@pytest.mark.parametrize("frames, background", [(1, 0.0), (20, 0.5), (83, 0.0), (203, 1.0)])
def test_serving_default(signatures, synthesizer, tmp_path, frames, background):
    features, sound = _features(synthesizer, frames), _sound()
    reference = _reference(synthesizer, tmp_path, sound)
    waveform = signatures["serving_default"](
        features=tf.constant(features[None]),
        reference=tf.constant(sound[None]),
        background=tf.constant([background]),
    )["waveform"]
    own = _waveform(synthesizer, features, reference, background=background)
    assert waveform.shape == (1, len(own))
    assert np.abs(own).max() > 1e-3
    # Phase reconstruction multiplies the rounding errors of the mel.
    assert np.linalg.norm(waveform[0] - own) < 0.02 * np.linalg.norm(own)


def test_generate_a_batch(signatures, synthesizer, tmp_path):
    features = np.stack([_features(synthesizer, 150, seed) for seed in (1, 2)])
    features[1] = np.repeat(features[1, :15], 10, axis=0)  # fewer events than the other
    sounds = np.stack([_sound(seed=seed) * level for seed, level in ((3, 1.0), (4, 0.1))])
    code = signatures["encode_reference"](reference=tf.constant(sounds))
    answer = signatures["generate"](
        features=tf.constant(features), background=tf.constant([0.0, 0.4]), **code
    )
    for i, background in enumerate([0.0, 0.4]):
        reference = _reference(synthesizer, tmp_path, sounds[i])
        timing = synthesizer.timing_of(features[i])
        events = reference.lengthened(timing)
        rows = answer["events"][i].numpy()
        unused = np.isnan(rows).all(axis=1)
        np.testing.assert_allclose(rows[~unused], events.to_array(), atol=1.1e-4)
        assert len(events) > 3
        own = synthesizer.mel(timing, reference, background)
        np.testing.assert_allclose(answer["mel"][i], own, **CLOSE)
    again = signatures["generate_from_events"](
        events=answer["events"],
        frames=tf.constant([150, 150]),
        background=tf.constant([0.0, 0.4]),
        **code,
    )
    np.testing.assert_allclose(again["mel"], answer["mel"], atol=1e-5)


def test_given_events_are_played(signatures, synthesizer, tmp_path):
    sound = _sound()
    reference = _reference(synthesizer, tmp_path, sound)
    track = EventTrack(np.array([0.3, 3.1, 6.2]), np.ones(3), np.full(3, 0.5))
    code = signatures["encode_reference"](reference=tf.constant(sound[None]))
    answer = signatures["generate_from_events"](
        events=tf.constant(track.to_array()[None]),
        frames=tf.constant([160]),
        background=tf.constant([0.0]),
        **code,
    )
    own = synthesizer.mel(timing_for(synthesizer, np.zeros((160, 1)), track), reference)
    np.testing.assert_allclose(answer["mel"][0], own, **CLOSE)


def test_windows_of_the_vocoder_are_joined_alike(signatures, synthesizer, tmp_path):
    frames = 2 * mel_inversion.WINDOW_FRAMES // synthesizer.timebase.mel_per_feature + 37
    features, sound = _features(synthesizer, frames), _sound()
    reference = _reference(synthesizer, tmp_path, sound)
    waveform = signatures["serving_default"](
        features=tf.constant(features[None]),
        reference=tf.constant(sound[None]),
        background=tf.constant([0.2]),
    )["waveform"]
    own = _waveform(synthesizer, features, reference, background=0.2)
    assert len(own) == waveform.shape[1]
    assert np.linalg.norm(waveform[0] - own) < 0.05 * np.linalg.norm(own)


def test_papers_model(paper_signatures, paper_synthesizer, tmp_path):
    features, sound = _features(paper_synthesizer, 40), _sound()
    reference = _reference(paper_synthesizer, tmp_path, sound)
    waveform = paper_signatures["serving_default"](
        features=tf.constant(features[None]),
        reference=tf.constant(sound[None]),
        background=tf.constant([0.3]),
    )["waveform"]
    own = _waveform(paper_synthesizer, features, reference, background=0.3)
    assert np.linalg.norm(waveform[0] - own) < 0.02 * np.linalg.norm(own)
    code = paper_signatures["encode_reference"](reference=tf.constant(sound[None]))
    answer = paper_signatures["generate"](
        features=tf.constant(features[None]), background=tf.constant([0.3]), **code
    )
    assert set(answer) == {"mel", "waveform"}
    assert "generate_from_events" not in paper_signatures


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"reference": np.zeros((1, 9000))}, "reference is silent"),
        ({"reference": np.ones((1, 100))}, "shorter than 0.05 s"),
        ({"reference": np.full((1, 9000), np.inf)}, "reference holds NaN"),
        ({"background": [1.5]}, "background must be from 0 to 1"),
        ({"background": [np.nan]}, "background must be from 0 to 1"),
        ({"background": [0.0, 0.0]}, "same number of examples"),
        ({"features": np.full((1, 9, 282), np.nan)}, "features holds NaN"),
        ({"features": np.zeros((1, 0, 282))}, "1 to 12920 feature frames"),
        ({"features": np.zeros((1, 13_000, 282))}, "1 to 12920 feature frames"),
        ({"features": np.zeros((0, 9, 282)), "reference": np.zeros((0, 9000))}, "is empty"),
    ],
)
def test_bad_input_is_a_sentence(signatures, change, sentence):
    inputs = {"features": np.zeros((1, 9, 282)), "reference": [_sound()], "background": [0.0]}
    inputs = {name: tf.constant(v, tf.float32) for name, v in {**inputs, **change}.items()}
    with pytest.raises(tf.errors.InvalidArgumentError, match=sentence):
        signatures["serving_default"](**inputs)


@pytest.mark.parametrize("row", [[-1, 1, 1], [0, 2, 1], [0, 1, 1e9], [0, np.nan, 1]])
def test_impossible_events_are_a_sentence(signatures, row):
    code = signatures["encode_reference"](reference=tf.constant([_sound()]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="events must hold"):
        signatures["generate_from_events"](
            events=tf.constant([[row]], tf.float32),
            frames=tf.constant([20]),
            background=tf.constant([0.0]),
            **code,
        )
