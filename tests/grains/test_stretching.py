"""Stretching changes the length and not the pitch."""

import librosa
import numpy as np
import pytest

from vsg_tf.grains.stretching import best_offset, stretch

RATE = 22050


@pytest.mark.parametrize("factor", [1.0, 1.3, 2.5])
def test_pitch_and_level_stay(factor):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)
    made = stretch(np.stack([tone, 0.5 * tone], axis=1), factor, RATE)
    assert made.shape == (round(RATE * factor), 2)
    inner = made[RATE // 10 : -RATE // 10, 0]
    spectrum = np.abs(np.fft.rfft(inner * np.hanning(len(inner))))
    assert spectrum.argmax() * RATE / len(inner) == pytest.approx(440, abs=2)
    assert np.sqrt(np.mean(inner**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.03)
    np.testing.assert_allclose(made[:, 1], 0.5 * made[:, 0], atol=1e-6)


def test_it_is_more_alike_than_a_phase_vocoder():
    """The envelope of a sound of many clicks keeps its crests."""
    rng = np.random.default_rng(0)
    clicks = np.zeros(RATE, np.float32)
    clicks[rng.choice(RATE, 60)] = 1.0
    sound = np.convolve(clicks, np.exp(-np.arange(200) / 30) * np.sin(np.arange(200)))[:RATE]
    sound = sound.astype(np.float32)

    def crest(wave):
        return np.abs(wave).max() / np.sqrt(np.mean(wave**2))

    made = stretch(sound[:, None], 1.5, RATE)[:, 0]
    assert crest(made) > 0.8 * crest(sound)
    assert crest(made) > crest(librosa.effects.time_stretch(sound, rate=1 / 1.5))


def test_best_offset_finds_a_copy():
    noise = np.random.default_rng(0).normal(size=500)
    assert best_offset(noise[137:237], noise) == 137


@pytest.mark.parametrize("samples", [0, 1, 500])
def test_too_short_to_stretch_is_filled_with_silence(samples):
    assert stretch(np.ones((samples, 1), np.float32), 2.0, RATE).shape == (2 * samples, 1)
