"""Short-time spectra against librosa's."""

import librosa
import numpy as np
import pytest
from scipy.signal import get_window

from vsg_tf.audio.stft import frames_of, hann, stft


@pytest.mark.parametrize("length", [2, 5, 1024])
def test_window_is_scipys(length):
    np.testing.assert_allclose(hann(length), get_window("hann", length), atol=1e-15)


@pytest.mark.parametrize("n_fft, hop", [(1024, 256), (600, 300), (255, 64)])
@pytest.mark.parametrize("samples", [1024, 5000])
def test_spectra_are_librosas(samples, n_fft, hop):
    waveform = np.random.default_rng(0).normal(size=samples).astype(np.float32)
    expected = librosa.stft(waveform, n_fft=n_fft, hop_length=hop, center=False).T
    found = stft(waveform, n_fft, hop)
    assert found.dtype == np.complex64
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_frames_share_memory():
    waveform = np.arange(10.0)
    frames = frames_of(waveform, 4, 3)
    np.testing.assert_array_equal(frames, [[0, 1, 2, 3], [3, 4, 5, 6], [6, 7, 8, 9]])
    assert np.shares_memory(frames, waveform)
