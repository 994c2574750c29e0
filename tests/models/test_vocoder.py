import numpy as np
import pytest

from vsg_tf.audio.mel import LogMel
from vsg_tf.config import parse_config
from vsg_tf.models import Vocoder, build_vocoder

CONFIG = parse_config(
    {
        "audio": {"f_min": 0.0, "f_max": None},
        "model": {"kind": "vocoder", "filters": 8, "hidden": 8, "blocks": 1},
    }
)


@pytest.fixture(scope="module")
def vocoder():
    return build_vocoder(CONFIG)


def _noise(samples, level=0.1):
    rng = np.random.default_rng(0)
    return (level * rng.normal(size=samples)).astype("float32")


@pytest.mark.parametrize("frames", [1, 2, 7, 40])
def test_a_frame_of_mel_is_a_hop_of_samples(vocoder, frames):
    mel = np.full((2, frames, 80), 0.5, "float32")
    waveform = np.asarray(vocoder(mel))
    assert waveform.shape == (2, frames * 256)
    assert np.isfinite(waveform).all() and np.abs(waveform).max() > 0


def test_silence_stays_silence(vocoder):
    assert np.array_equal(vocoder(np.zeros((1, 9, 80), "float32")), np.zeros((1, 9 * 256)))


@pytest.mark.parametrize("level", [1e-2, 0.3])
def test_levels_are_right_before_any_training(vocoder, level):
    """Magnitudes come from the mel: white noise keeps its spectrum to some decibels."""
    log_mel = LogMel(CONFIG.audio)
    mel = log_mel(_noise(256 * 86, level))
    made = log_mel(np.asarray(vocoder(mel[None]))[0])
    assert abs(made.mean() - mel.mean()) < 0.04
    assert np.abs(made.mean(axis=0) - mel.mean(axis=0)).max() < 0.12


def test_without_an_fft_it_says_the_same(vocoder):
    """The version for other runtimes, with the same weights."""
    other = Vocoder(CONFIG, matrices=True)
    mel = LogMel(CONFIG.audio)(_noise(256 * 20))[None]
    other(mel)
    other.set_weights(vocoder.get_weights())
    np.testing.assert_allclose(other(mel), vocoder(mel), atol=1e-4)


def test_an_item_does_not_depend_on_its_batch(vocoder):
    log_mel = LogMel(CONFIG.audio)
    mels = np.stack([log_mel(_noise(256 * 20)), log_mel(_noise(256 * 20, 0.01))])
    together, alone = np.asarray(vocoder(mels)), np.asarray(vocoder(mels[1:]))
    np.testing.assert_allclose(together[1:], alone, atol=1e-6)


def test_equal_frames_make_a_steady_sound(vocoder):
    """Phases follow the bins' frequencies: a carrier without it would cancel itself."""
    mel = np.full((1, 60, 80), 0.6, "float32")
    waveform = np.asarray(vocoder(mel))[0][256 * 10 : -256 * 10]
    level = np.sqrt(np.square(waveform.reshape(-1, 1024)).mean(axis=1))
    assert level.std() < 0.05 * level.mean()
