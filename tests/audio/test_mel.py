"""The mel grid, against librosa and against published mels."""

import librosa
import numpy as np
import pytest

from tests.media_writing import RATE, hits
from vsg_tf.audio import mel as mel_module
from vsg_tf.audio.mel import LogMel, mel_basis
from vsg_tf.audio.reading import load_audio
from vsg_tf.config.schema import AudioConfig


@pytest.mark.filterwarnings("ignore:n_fft=")
@pytest.mark.parametrize("samples", [1, 255, 256, 257, 4000, 22_050])
@pytest.mark.parametrize(
    "config", [AudioConfig(), AudioConfig(n_fft=2048, hop_length=512, f_min=0, f_max=None)]
)
def test_equals_librosa_at_any_length(samples, config):
    waveform = hits(seconds=samples / RATE, times=(0.0,)).astype(np.float32)
    mel = LogMel(config)(waveform)
    expected = librosa.feature.melspectrogram(
        y=waveform, sr=config.sample_rate, n_fft=config.n_fft, hop_length=config.hop_length,
        n_mels=config.n_mels, fmin=config.f_min, fmax=config.mel_top, power=1, pad_mode="constant",
    ).T  # fmt: skip
    expected = np.clip((20 * np.log10(np.maximum(1e-5, expected)) - 20 + 100) / 100, 0, 1)
    assert mel.shape == (-(-samples // config.hop_length), config.n_mels)
    np.testing.assert_allclose(mel, expected[: len(mel)], atol=1e-6)


@pytest.mark.parametrize(
    "config",
    [
        AudioConfig(),
        AudioConfig(n_fft=2048, hop_length=512, f_min=0, f_max=None),
        AudioConfig(sample_rate=8000, n_fft=600, hop_length=160, n_mels=40, f_min=0, f_max=900),
        AudioConfig(sample_rate=96_000, f_min=2000, f_max=40_000, n_mels=10),
    ],
)
def test_filters_are_librosas(config):
    expected = librosa.filters.mel(
        sr=config.sample_rate, n_fft=config.n_fft, n_mels=config.n_mels, fmin=config.f_min,
        fmax=config.mel_top,
    )  # fmt: skip
    found = mel_basis(config)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_long_sounds_are_the_same_in_blocks(monkeypatch):
    waveform = hits()
    whole = LogMel(AudioConfig())(waveform)
    monkeypatch.setattr(mel_module, "_BLOCK_FRAMES", 7)
    np.testing.assert_allclose(LogMel(AudioConfig())(waveform), whole, atol=1e-5)


def test_silence_is_zero_and_scaling_can_be_undone():
    front_end = LogMel(AudioConfig())
    assert not front_end(np.zeros(1000)).any()
    mel = front_end(hits())
    magnitude = front_end.to_magnitude(mel)
    again = np.clip((20 * np.log10(np.maximum(1e-5, magnitude)) + 80) / 100, 0, 1)
    np.testing.assert_allclose(again, mel, atol=1e-5)
    assert not front_end.to_magnitude(np.zeros(3)).any()


def test_reproduces_the_published_mels(shared_data):
    """Ten clips of VAS; those shorter than 10 s were looped by the publishers."""
    front_end, errors = LogMel(AudioConfig()), []
    for path in sorted(shared_data.glob("vas_samples/features/*/melspec_10s_22050hz/*_mel.npy")):
        clip = path.name.removesuffix("_mel.npy")
        video = shared_data / "vas_samples/videos" / path.parts[-3] / f"{clip}.mp4"
        mel = front_end(np.resize(load_audio(video, 22050), 220_500))
        errors.append(np.abs(mel[:860] - np.load(path).T).mean())
    assert len(errors) == 10
    assert np.mean(errors) <= 0.009
