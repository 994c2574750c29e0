import numpy as np
import pytest

from tests.metrics.signals import RATE, clicks, noise
from vsg_tf.metrics.speaker import PREPROCESSINGS, speaker_cosine, speaker_embedding


@pytest.mark.parametrize("preprocessing", PREPROCESSINGS)
def test_same_sound_is_one_and_silence_is_zero(preprocessing):
    sound = clicks([0.2, 0.9, 1.5], duration=2)
    embedding = speaker_embedding(sound, RATE, preprocessing)
    assert embedding.shape == (256,) and np.linalg.norm(embedding) == pytest.approx(1, abs=1e-4)
    assert speaker_cosine(sound, sound, RATE, preprocessing) == pytest.approx(1, abs=1e-6)
    other = speaker_cosine(sound, noise(), RATE, preprocessing)
    assert 0 <= other < 0.95
    for silent in (np.zeros(RATE, np.float32), np.zeros(0, np.float32)):
        assert speaker_cosine(sound, silent, RATE, preprocessing) == 0
        assert speaker_cosine(silent, silent, RATE, preprocessing) == 0


@pytest.mark.parametrize("preprocessing", PREPROCESSINGS)
@pytest.mark.parametrize("sound", [noise(0.003), noise(0.2), 1e-3 * noise(1), np.ones(RATE)])
def test_odd_sounds_give_numbers(sound, preprocessing):
    assert np.isfinite(speaker_embedding(sound, RATE, preprocessing)).all()


def test_default_is_the_librarys_own_chain():
    resemblyzer = pytest.importorskip("resemblyzer")
    rng = np.random.default_rng(0)
    t = np.arange(2 * 16000) / 16000
    voice = sum(np.sin(2 * np.pi * 140 * k * t + k) / k for k in range(1, 20))
    voice = 0.1 * voice * (1 + np.sin(2 * np.pi * 4 * t)) + 1e-3 * rng.normal(size=len(t))
    processed = resemblyzer.preprocess_wav(voice.astype(np.float32))
    if len(processed) == 0:
        pytest.skip("this version of the voice detector hears no voice in the test's sound")
    expected = resemblyzer.VoiceEncoder("cpu", verbose=False).embed_utterance(processed)
    np.testing.assert_allclose(speaker_embedding(voice, 16000), expected, atol=1e-5)


def test_energy_trim_ignores_pauses():
    hits = clicks([0.0, 0.35, 0.7, 1.05], duration=1.4)
    spread = np.concatenate([np.zeros(3 * RATE, np.float32), hits, np.zeros(3 * RATE, np.float32)])
    trimmed = speaker_cosine(hits, spread, RATE, "energy")
    assert trimmed > 0.98 and trimmed > speaker_cosine(hits, spread, RATE, "none")
