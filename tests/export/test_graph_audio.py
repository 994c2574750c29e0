"""Graphs of the audio front end against the NumPy, SciPy and librosa originals."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.ndimage import gaussian_filter1d

from tests.media_writing import RATE, hits
from vsg_tf.audio.background import suppress_background
from vsg_tf.audio.graph_mel import GraphLogMel
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio
from vsg_tf.audio.reading import load_audio
from vsg_tf.config import AudioConfig, Config
from vsg_tf.export import graph_background, graph_onsets, graph_ring
from vsg_tf.export.graph_filters import gaussian, median, percentile
from vsg_tf.inference.voice import decay_seconds
from vsg_tf.timebase import TimeBase

GRID = TimeBase()
FULL_BAND = AudioConfig(f_min=0.0, f_max=None)


def _graph(function):
    """The function with free lengths, traced once for all cases."""
    return tf.function(function, input_signature=[tf.TensorSpec([None], tf.float32)])


EVENTS = _graph(lambda waveform: graph_onsets.events_from_audio(waveform, GRID))
RING = _graph(lambda waveform: graph_ring.ring_seconds(waveform, GRID))


def _sounds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    noise = rng.normal(size=40_000)
    tone = np.sin(np.arange(50_001) / 20)
    many = hits(seconds=6.0, times=tuple(np.cumsum(rng.uniform(0.05, 0.6, 15))))
    return {
        "hits": hits(),
        "many": many + 1e-4 * rng.normal(size=len(many)),
        "quiet-hits": hits() * 1e-3,
        "noise": 0.1 * noise,
        "tone": 0.5 * tone,
        "fading": noise * np.exp(-np.arange(len(noise)) / 5000),
        "growing": noise * np.linspace(0, 1, len(noise)),
        "silence": np.zeros(30_000),
        "nearly-silent": 1e-6 * noise,
        "click": np.eye(1, 9_999, 5_000)[0],
        "short": 0.5 * noise[:1100],
        "one-frame-more": hits()[: 256 * 40 + 1],
        "constant": np.full(5000, 0.3),
        "pulses": np.tile(np.eye(1, 4096, 100)[0], 12),
    }


SOUNDS = {name: sound.astype(np.float32) for name, sound in _sounds().items()}


@pytest.mark.parametrize("samples", [1, 255, 256, 257, 1500, 22050])
@pytest.mark.parametrize("config", [AudioConfig(), FULL_BAND], ids=["paper", "full-band"])
def test_log_mel(samples, config):
    rng = np.random.default_rng(samples)
    waveform = (rng.normal(size=(2, samples)) * [[0.3], [1e-4]]).astype(np.float32)
    own = np.stack([LogMel(config)(one) for one in waveform])
    np.testing.assert_allclose(GraphLogMel(config)(tf.constant(waveform)), own, atol=2e-5)


@pytest.mark.parametrize("frames", [1, 2, 4, 5, 32, 333])
def test_suppressed_background(frames):
    rng = np.random.default_rng(frames)
    loud = rng.random((frames, 1)) ** 6
    mels = [
        np.clip(0.3 + 0.6 * loud + 0.05 * rng.random((frames, 40)), 0, 1),
        rng.random((frames, 40)),
        np.zeros((frames, 40)),
        np.full((frames, 40), 0.5),
        np.tile(rng.random((1, 40)), (frames, 1)) * np.round(2 * loud) / 2,  # equal frames
    ]
    mels = np.stack(mels).astype(np.float32)
    ours = graph_background.suppress_background(tf.constant(mels))
    for mel, graph in zip(mels, ours.numpy(), strict=True):
        np.testing.assert_allclose(graph, suppress_background(mel), atol=2e-6)


@pytest.mark.parametrize("name", SOUNDS)
def test_onsets(name):
    times, strengths = EVENTS(tf.constant(SOUNDS[name]))
    own_times, own_strengths, _ = events_from_audio(SOUNDS[name], GRID)
    np.testing.assert_allclose(times, own_times, atol=1e-6)
    np.testing.assert_allclose(strengths, own_strengths, atol=1e-4)
    if name == "many":
        assert len(own_times) > 8


@pytest.mark.parametrize("name", SOUNDS)
def test_envelope_and_ring(name):
    waveform = SOUNDS[name]
    for count in (1, 7, 60):
        envelope = graph_ring.envelope_from_audio(tf.constant(waveform), GRID, tf.constant(count))
        own = envelope_from_audio(waveform, GRID, count)
        np.testing.assert_allclose(envelope, own, atol=1e-5)
    ring = RING(tf.constant(waveform)).numpy()
    own = decay_seconds([waveform], Config())
    assert np.isnan(ring) if own is None else ring == pytest.approx(own, abs=1e-6)


def test_real_recordings_ring_alike(shared_data):
    files = sorted((shared_data / "esc10").rglob("*.opus"))[::40]
    assert len(files) >= 6
    for file in files:
        waveform = load_audio(file, RATE, max_seconds=3.0)
        waveform = waveform * (0.6 / np.abs(waveform).max())
        own = decay_seconds([waveform], Config())
        ring = RING(tf.constant(waveform)).numpy()
        assert np.isnan(ring) if own is None else ring == pytest.approx(own, abs=1e-6)


@pytest.mark.parametrize("length", [1, 2, 3, 9, 50])
@pytest.mark.parametrize("mode", ["nearest", "reflect"])
def test_gaussian(length, mode):
    values = np.random.default_rng(length).normal(size=(2, length, 3))
    own = gaussian_filter1d(values, 0.7, axis=1, mode=mode)
    np.testing.assert_allclose(gaussian(tf.constant(values), 0.7, mode), own, atol=1e-12)


@pytest.mark.parametrize("length", [1, 2, 5, 100])
def test_percentile_and_median(length):
    values = np.random.default_rng(length).normal(size=length)
    for share in (0, 20, 50, 99, 100):
        own = np.percentile(values, share)
        np.testing.assert_allclose(percentile(tf.constant(values), share), own, atol=1e-12)
    np.testing.assert_allclose(median(tf.constant(values)), np.median(values), atol=1e-12)
