import librosa
import numpy as np
import pytest

from vsg_tf.layers import STFT, InverseSTFT

GRIDS = [(64, 16), (64, 32), (60, 13), (1024, 256)]


def _spectra(waveform, n_fft, hop):
    spectra = librosa.stft(waveform, n_fft=n_fft, hop_length=hop, pad_mode="constant").T[None]
    return [spectra.real.astype("float32"), spectra.imag.astype("float32")]


def _noise(samples):
    return np.random.default_rng(0).normal(size=samples).astype("float32")


@pytest.mark.parametrize("matrices", [False, True])
@pytest.mark.parametrize(("n_fft", "hop"), GRIDS)
@pytest.mark.parametrize("blocks", [9, 12])
def test_gives_back_what_librosa_analysed(n_fft, hop, blocks, matrices):
    waveform = _noise(blocks * hop)
    layer = InverseSTFT(n_fft, hop, matrices)
    rebuilt = np.asarray(layer(_spectra(waveform, n_fft, hop)))[0]
    first = layer.edge * hop
    np.testing.assert_allclose(rebuilt, waveform[first : first + len(rebuilt)], atol=5e-6)
    assert len(rebuilt) == (blocks + 1 - 2 * layer.edge) * hop


@pytest.mark.parametrize("matrices", [False, True])
def test_inconsistent_spectra_are_inverted_as_by_librosa(matrices):
    rng = np.random.default_rng(1)
    spectra = rng.normal(size=(14, 33)) + 1j * rng.normal(size=(14, 33))
    expected = librosa.istft(spectra.T, hop_length=16, window="hann")
    layer = InverseSTFT(64, 16, matrices)
    made = np.asarray(layer([spectra.real[None], spectra.imag[None]]))[0]
    first = layer.edge * 16
    np.testing.assert_allclose(made, expected[first : first + len(made)], atol=1e-5)


def test_the_tail_does_not_explode():
    """Frames of equal size give samples of equal size, up to the last one."""
    rng = np.random.default_rng(2)
    turns = rng.uniform(0, 2 * np.pi, (1, 200, 33))
    samples = np.asarray(InverseSTFT(64, 32)([np.cos(turns), np.sin(turns)]))[0]
    ends = np.abs(np.concatenate([samples[:64], samples[-64:]])).max()
    assert ends < 1.2 * np.abs(samples[64:-64]).max()


@pytest.mark.parametrize(("n_fft", "hop"), [(63, 16), (64, 33)])
def test_frames_that_cannot_be_inverted_are_refused(n_fft, hop):
    with pytest.raises(ValueError, match="at least twice"):
        InverseSTFT(n_fft, hop)


@pytest.mark.parametrize("matrices", [False, True])
@pytest.mark.parametrize(("n_fft", "hop"), GRIDS)
def test_transform_agrees_with_librosa(n_fft, hop, matrices):
    waveform = _noise(11 * hop)
    real, imaginary = (np.asarray(x)[0] for x in STFT(n_fft, hop, matrices)(waveform[None]))
    expected = librosa.stft(waveform, n_fft=n_fft, hop_length=hop, pad_mode="constant").T
    np.testing.assert_allclose(real + 1j * imaginary, expected[:11], atol=2e-4)
