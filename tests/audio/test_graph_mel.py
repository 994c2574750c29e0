import numpy as np
import pytest
import tensorflow as tf

from vsg_tf.audio.graph_mel import GraphLogMel
from vsg_tf.audio.mel import LogMel
from vsg_tf.config import AudioConfig


@pytest.mark.parametrize(("n_fft", "hop"), [(1024, 256), (512, 200), (400, 100)])
def test_equals_the_mel_of_the_package(n_fft, hop):
    config = AudioConfig(n_fft=n_fft, hop_length=hop, n_mels=40, f_min=0.0, f_max=None)
    rng = np.random.default_rng(0)
    waveform = (rng.normal(size=(2, hop * 21)) * [[0.3], [1e-4]]).astype("float32")
    made = GraphLogMel(config)(waveform).numpy()
    expected = np.stack([LogMel(config)(one) for one in waveform])
    assert made.shape == (2, 21, 40)
    np.testing.assert_allclose(made, expected, atol=2e-5)


def test_silence_has_a_finite_gradient():
    waveform = tf.Variable(tf.zeros((1, 2560)))
    with tf.GradientTape() as tape:
        mel = GraphLogMel(AudioConfig())(waveform)
    assert np.array_equal(mel, np.zeros((1, 10, 80)))
    assert np.isfinite(tape.gradient(mel, waveform)).all()
