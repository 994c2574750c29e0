"""Mel to waveform without trained weights."""

import librosa
import numpy as np
import pytest
import tensorflow as tf

from tests.media_writing import RATE, hits
from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.mel import LogMel
from vsg_tf.config.schema import AudioConfig

CONFIG = AudioConfig()


@pytest.fixture(scope="module")
def griffin_lim():
    return GriffinLim(CONFIG)


@pytest.fixture(scope="module")
def mel():
    seconds = np.arange(2 * RATE) / RATE
    tones = sum(np.sin(2 * np.pi * f * seconds) for f in (300, 450, 2000)) * 0.1
    noise = 0.01 * np.random.default_rng(0).normal(size=len(seconds))
    return LogMel(CONFIG)(tones + noise + np.tile(hits(), 2))


def _convergence(waveform: np.ndarray, magnitude: np.ndarray) -> float:
    spectrum = np.abs(librosa.stft(waveform, n_fft=1024, hop_length=256, pad_mode="constant"))
    inner = slice(4, -4)
    difference = spectrum[:, : magnitude.shape[1]] - magnitude
    return np.linalg.norm(difference[:, inner]) / np.linalg.norm(magnitude[:, inner])


def test_as_good_as_librosa(griffin_lim, mel):
    magnitude = griffin_lim.magnitudes(mel[None]).numpy()[0].T
    ours = griffin_lim(mel[None]).numpy()[0]
    theirs = librosa.griffinlim(
        magnitude, n_iter=32, hop_length=256, n_fft=1024, pad_mode="constant", random_state=0
    )
    assert _convergence(ours, magnitude) < _convergence(theirs, magnitude) + 0.01


def test_round_trip_keeps_the_mel_up_to_both_ends(griffin_lim, mel):
    again = LogMel(CONFIG)(griffin_lim(mel[None]).numpy()[0])
    error = np.abs(again - mel).mean(1)
    assert again.shape == mel.shape
    assert error.mean() < 0.02
    assert error[:3].max() < 0.1 and error[-3:].max() < 0.1


def test_the_tail_does_not_explode(griffin_lim):
    flat = np.full((1, 50, 80), 0.6, np.float32)
    waveform = griffin_lim(flat).numpy()[0]
    assert np.abs(waveform[-512:]).max() < 2 * np.abs(waveform[512:-512]).max()


def test_silence_stays_silent(griffin_lim):
    assert np.abs(griffin_lim(np.zeros((1, 20, 80))).numpy()).max() < 1e-6


def test_deterministic_and_independent_of_the_batch(griffin_lim, mel):
    alone = griffin_lim(mel[None, :60], seed=3).numpy()[0]
    np.testing.assert_array_equal(griffin_lim(mel[None, :60], seed=3).numpy()[0], alone)
    batch = griffin_lim(np.stack([mel[60:120], mel[:60]]), seed=3).numpy()
    np.testing.assert_allclose(batch[1], alone, atol=1e-3)
    assert np.abs(griffin_lim(mel[None, :60], seed=4).numpy()[0] - alone).max() > 1e-2


def test_runs_without_graphs_for_debugging(mel):
    whole = GriffinLim(CONFIG)(mel[None, :20])
    tf.config.run_functions_eagerly(True)
    try:
        eager = GriffinLim(CONFIG)(mel[None, :20])
    finally:
        tf.config.run_functions_eagerly(False)
    # Graphs fold constants, and 32 iterations multiply what rounding does.
    np.testing.assert_allclose(eager, whole, atol=5e-3)


def test_lengths_do_not_retrace(griffin_lim, mel):
    for frames in (1, 2, 33, 100):
        assert griffin_lim(mel[None, :frames]).shape == (1, frames * 256)
    assert griffin_lim.traces == 1
