import numpy as np
import pytest
from scipy.fft import dct

from tests.metrics.signals import RATE, clicks, noise
from vsg_tf.metrics.reconstruction import (
    log_spectral_distance,
    mel_cepstra,
    mel_cepstral_distortion,
    mel_l1,
    spectral_convergence,
)

BANDS = 80


def _levels(seed=0, frames=40):
    return np.random.default_rng(seed).normal(-40, 10, (frames, BANDS))


def test_cepstra_rebuild_a_smooth_frame_and_agree_with_the_orthonormal_dct():
    place = (np.arange(BANDS) + 0.5) / BANDS
    frame = -30 + 6 * np.cos(np.pi * place) + 4 * np.cos(5 * np.pi * place)
    cepstra = mel_cepstra(frame[None])[0] * 20 / np.log(10)  # back to dB
    expected = np.zeros(14)
    expected[[0, 1, 5]] = -30, 6, 4
    np.testing.assert_allclose(cepstra, expected, atol=1e-9)
    levels = _levels() * np.log(10) / 20
    ortho = dct(levels, norm="ortho", axis=-1)[:, 1:14] * np.sqrt(2 / BANDS)
    np.testing.assert_allclose(mel_cepstra(_levels())[:, 1:], ortho, atol=1e-12)


def test_known_distortions():
    levels = _levels()
    ripple = 5 * np.cos(3 * np.pi * (np.arange(BANDS) + 0.5) / BANDS)
    assert mel_cepstral_distortion(levels, levels) == 0
    assert mel_cepstral_distortion(levels + ripple, levels) == pytest.approx(5 / np.sqrt(2))
    assert mel_cepstral_distortion(levels + 7, levels) == pytest.approx(0, abs=1e-9)
    assert mel_cepstral_distortion(levels + 7, levels, level=True) == pytest.approx(7 / np.sqrt(2))
    fine = 5 * np.cos(20 * np.pi * (np.arange(BANDS) + 0.5) / BANDS)
    assert mel_cepstral_distortion(levels + fine, levels) == pytest.approx(0, abs=1e-9)


def test_warping_forgives_timing_alone():
    levels = np.cumsum(_levels(frames=60), axis=0)
    late = np.concatenate([np.repeat(levels[:1], 6, axis=0), levels])
    assert mel_cepstral_distortion(late, levels) > 1
    assert mel_cepstral_distortion(late, levels, warp=True) == pytest.approx(0, abs=1e-6)
    other = _levels(1, 60)
    straight = mel_cepstral_distortion(other, levels)
    assert 0 < mel_cepstral_distortion(other, levels, warp=True) <= straight + 1e-6


def test_mel_l1():
    levels = _levels()
    assert mel_l1(levels + 2, levels[:-3]) == pytest.approx(2)


def test_log_spectral_distance():
    sound = noise(1)
    assert log_spectral_distance(sound, sound) == 0
    assert log_spectral_distance(0.1 * sound, sound) == pytest.approx(20, abs=0.01)
    assert log_spectral_distance(np.zeros(RATE), clicks([0.2], 1.0)) > 5
    assert log_spectral_distance(np.zeros(RATE), np.zeros(RATE)) == 0


def test_spectral_convergence():
    sound = noise(1.0)
    assert spectral_convergence(sound, sound) == 0
    assert spectral_convergence(2 * sound, sound) == pytest.approx(1)
    assert spectral_convergence(0 * sound, sound) == pytest.approx(1)
    assert np.isnan(spectral_convergence(sound, 0 * sound))
    # Noise of equal spectrum is not the same noise, nor is it as far away as silence.
    assert 0.4 < spectral_convergence(noise(1.0, seed=1), sound) < 0.9
