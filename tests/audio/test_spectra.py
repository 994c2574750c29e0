"""Spectra by matrix products against NumPy's FFT and TensorFlow's."""

import numpy as np
import pytest

from vsg_tf.audio.folded_dft import FoldedDFT
from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.audio.spectra import FFTSpectra, MatrixSpectra
from vsg_tf.config.schema import AudioConfig

# Powers of two, odd, prime, and frames that are no multiple of the hop.
GRIDS = [(1024, 256), (400, 160), (675, 200), (251, 100), (256, 128)]


def _config(n_fft, hop):
    return AudioConfig(
        n_fft=n_fft, hop_length=hop, n_mels=16, f_min=300.0, griffin_lim_iterations=8
    )


@pytest.mark.parametrize("n_fft", [n_fft for n_fft, _ in GRIDS])
def test_folded_transform_is_the_fft(n_fft):
    signal = np.random.default_rng(0).normal(size=n_fft)
    dft = FoldedDFT(n_fft)
    spectrum = dft.split @ signal.reshape(dft.first, dft.second)
    spectrum = dft.twist @ spectrum.reshape(dft.rows, 2 * dft.second, 1)
    parts = spectrum.reshape(dft.rows, 2, dft.second)
    wanted = np.fft.rfft(signal)[dft.bins]
    np.testing.assert_allclose(parts[:, 0], wanted.real, atol=1e-3)
    np.testing.assert_allclose(parts[:, 1], wanted.imag * dft.signs, atol=1e-3)
    back = (dft.twist.transpose(0, 2, 1) @ spectrum).reshape(2 * dft.rows, dft.second)
    np.testing.assert_allclose((dft.join @ back).reshape(-1), signal, atol=1e-4)
    assert set(dft.bins.ravel()) == set(range(n_fft // 2 + 1))


def test_a_transform_of_1024_takes_a_tenth_of_one_matrix():
    dft = FoldedDFT(1024)
    assert 10 * (dft.split.size * dft.second + dft.twist.size) < 1024 * 2 * 513


@pytest.mark.parametrize("grid", GRIDS)
def test_both_ways_agree(grid):
    config = _config(*grid)
    signal = np.random.default_rng(1).normal(size=(2, 9 * config.hop_length)).astype(np.float32)
    by_matrices, by_fft = MatrixSpectra(config), FFTSpectra(config)
    blocks = signal.reshape(2, 9, -1).transpose(0, 2, 1)
    folded = by_matrices.forward(blocks)
    magnitude = np.abs(by_fft.forward(signal).numpy())[:, : folded.shape[4]]
    wanted = by_matrices.arrange(magnitude).numpy()
    np.testing.assert_allclose(by_matrices.magnitude(folded), wanted, atol=1e-3)
    back = by_matrices.waveform(by_matrices.inverse(folded)).numpy()
    inner = slice(config.n_fft, -config.n_fft)
    np.testing.assert_allclose(back[:, inner], signal[:, inner], atol=1e-4)


@pytest.mark.parametrize("grid", [(1024, 256), (400, 160), (251, 100)])
def test_griffin_lim_is_the_same_by_either(grid):
    config = _config(*grid)
    mel = np.random.default_rng(2).uniform(0.2, 0.9, (2, 11, 16)).astype(np.float32)
    wanted = GriffinLim(config)(mel, seed=5).numpy()
    found = GriffinLim(config, MatrixSpectra(config))(mel, seed=5).numpy()
    assert np.abs(found - wanted).max() < 1e-3 * np.abs(wanted).max()
