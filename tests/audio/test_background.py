"""The background goes, the events stay, steady sounds stay as they are."""

import numpy as np

from vsg_tf.audio.background import suppress_background
from vsg_tf.audio.mel import LogMel
from vsg_tf.config import AudioConfig

MEL = LogMel(AudioConfig())
RATE = 22050


def _hits(count: int = 4) -> np.ndarray:
    at = np.arange(count * RATE) / RATE % 1.0
    return 0.6 * np.sin(2 * np.pi * 900 * at) * np.exp(-at / 0.06)


def _noise(level: float, count: int = 4) -> np.ndarray:
    return level * np.random.default_rng(0).normal(size=count * RATE)


def test_noise_between_events_goes_and_their_attacks_stay():
    clean, noisy = MEL(_hits()), MEL(_hits() + _noise(0.005))
    treated = suppress_background(noisy)
    loud = clean.max(axis=1) > 0.6
    quiet = clean.max(axis=1) < 0.1
    strongest = np.argmax(noisy[loud], axis=1)
    rows = np.arange(loud.sum())
    np.testing.assert_allclose(
        treated[loud][rows, strongest], noisy[loud][rows, strongest], atol=0.02
    )
    # 0.01 is 1 dB.
    assert noisy[quiet].mean() - treated[quiet].mean() > 0.10


def test_steady_sound_is_left_alone():
    mel = MEL(_noise(0.1))
    np.testing.assert_allclose(suppress_background(mel), mel, atol=0.01)


def test_clean_recording_is_left_alone():
    mel = MEL(_hits())
    loud = mel > 0.3
    np.testing.assert_allclose(suppress_background(mel)[loud], mel[loud], atol=0.02)


def test_silence_and_single_frames():
    assert not suppress_background(np.zeros((40, 80), np.float32)).any()
    assert suppress_background(np.full((1, 80), 0.5, np.float32)).shape == (1, 80)
