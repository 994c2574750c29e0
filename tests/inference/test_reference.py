"""References: standard level, and how long their events ring."""

import numpy as np
import pytest
import soundfile

from vsg_tf.audio.reading import Sound
from vsg_tf.config import Config
from vsg_tf.events import EventTrack
from vsg_tf.inference.reference import PEAK, Reference, read_reference

RATE = 22050


def _strikes(path, decay: float, level: float = 0.9):
    """Strikes every 1.2 s whose level falls by 30 dB in `decay` seconds."""
    at = np.arange(round(4.8 * RATE)) / RATE % 1.2
    wave = level * np.sin(2 * np.pi * 700 * at) * 10 ** (-1.5 * at / decay) * (at < 1.15)
    soundfile.write(path, wave, RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize("decay", [0.15, 0.4, 0.8])
def test_ring_is_the_time_to_fall_30_db(tmp_path, decay):
    reference = read_reference(_strikes(tmp_path / "r.wav", decay), Config())
    # Measured in feature frames of 46 ms over a window that smooths.
    assert reference.ring_s == pytest.approx(decay, abs=0.1)


def test_level_of_the_recording_does_not_matter(tmp_path):
    loud = read_reference(_strikes(tmp_path / "loud.wav", 0.3), Config())
    faint = read_reference(_strikes(tmp_path / "faint.wav", 0.3, level=0.02), Config())
    assert np.abs(loud.mel - faint.mel).mean() < 0.01


def test_short_recording_is_repeated(tmp_path):
    soundfile.write(tmp_path / "r.wav", np.sin(np.arange(2400) / 5), RATE)
    assert len(read_reference(tmp_path / "r.wav", Config()).mel) >= 32


def test_durations_follow_the_reference_and_keep_their_ratio():
    track = EventTrack(np.array([0.0, 1.0, 2.0]), np.ones(3), np.array([0.2, 0.3, 3.0]))
    silent = np.zeros((32, 80), np.float32)
    sound = Sound(np.zeros((2000, 1), np.float32), RATE)
    fitted = Reference(silent, silent, 0.9, sound).fit_durations(track)
    np.testing.assert_allclose(fitted.durations, [0.6, 0.9, 1.8])
    np.testing.assert_array_equal(fitted.times, track.times)
    assert Reference(silent, silent, None, sound).fit_durations(track) is track


@pytest.mark.parametrize(("rate", "kept"), [(8000, 22050), (44100, 44100), (96000, 48000)])
def test_copies_keep_the_recordings_rate_and_channels(tmp_path, rate, kept):
    at = np.arange(rate) / rate
    wave = np.stack([0.5 * np.sin(2000 * at), 0.1 * np.sin(3000 * at)], axis=1)
    soundfile.write(tmp_path / "r.wav", wave, rate)
    sound = read_reference(tmp_path / "r.wav", Config()).sound
    assert sound.sample_rate == kept and sound.waveform.shape == (kept, 2)
    # One gain for both channels, so that the picture in stereo stays.
    assert np.ptp(sound.waveform[:, 0]) == pytest.approx(5 * np.ptp(sound.waveform[:, 1]), rel=0.1)
    assert np.abs(sound.waveform.mean(axis=1)).max() == pytest.approx(PEAK, rel=0.05)
