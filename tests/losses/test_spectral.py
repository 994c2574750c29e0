import librosa
import numpy as np
import pytest
import tensorflow as tf

from vsg_tf.layers.spectra import short_time_spectra
from vsg_tf.losses import feature_matching_loss, log_magnitude_loss, stft_loss


def _noise(seed=0, samples=700, batch=2):
    return np.random.default_rng(seed).normal(size=(batch, samples)).astype("float32")


@pytest.mark.parametrize("samples", [64, 700, 703])
def test_spectra_agree_with_librosa(samples):
    waveform = _noise(samples=samples)
    real, imaginary = (np.asarray(part)[0] for part in short_time_spectra(waveform, 64))
    padded = np.pad(waveform[0], (0, -samples % 16))
    expected = librosa.stft(padded, n_fft=64, hop_length=16, pad_mode="constant").T
    np.testing.assert_allclose(real + 1j * imaginary, expected, atol=2e-5)


def test_stft_loss_agrees_with_numpy():
    target, made = _noise(), _noise(1)
    expected = np.zeros(2)
    for n_fft in (64, 32):
        for item in range(2):
            true, fake = (
                np.abs(
                    librosa.stft(
                        np.pad(w[item], (0, -700 % (n_fft // 4))),
                        n_fft=n_fft,
                        hop_length=n_fft // 4,
                        pad_mode="constant",
                    )
                )
                for w in (target, made)
            )
            logs = np.abs(np.log(true + 1e-3) - np.log(fake + 1e-3)).mean()
            ratio = np.linalg.norm(true - fake) / (np.linalg.norm(true) + 0.1)
            expected[item] += (logs + ratio) / 2
    np.testing.assert_allclose(stft_loss(target, made, (64, 32)), expected, rtol=1e-3)


def test_silence_and_perfection_have_finite_gradients():
    for target, start in ((_noise() * 0, _noise() * 0), (_noise(), _noise()), (_noise(), 0)):
        made = tf.Variable(target * 0 + start)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(stft_loss(target, made, (64, 32)))
        assert np.isfinite(loss) and np.isfinite(tape.gradient(loss, made)).all()
    assert float(loss) > 1


def test_log_magnitudes_of_equal_and_doubled_spectra():
    magnitude = np.abs(_noise(samples=30).reshape(2, 5, 6)) + 1.0
    assert np.allclose(log_magnitude_loss(magnitude, magnitude), 0)
    assert np.allclose(log_magnitude_loss(magnitude, 2 * magnitude), np.log(2), atol=1e-3)


def test_feature_matching_is_relative_and_leaves_the_real_side_alone():
    real, fake = [tf.Variable(tf.ones((2, 3, 1)))], [tf.Variable(1.5 * tf.ones((2, 3, 1)))]
    with tf.GradientTape() as tape:
        loss = feature_matching_loss(real, fake)
    np.testing.assert_allclose(loss, [0.5, 0.5], rtol=1e-5)
    to_real, to_fake = tape.gradient(loss, [real[0], fake[0]])
    assert to_real is None and np.all(to_fake > 0)
    larger = feature_matching_loss([10 * real[0]], [10 * fake[0]])
    np.testing.assert_allclose(larger, loss, rtol=1e-4)
