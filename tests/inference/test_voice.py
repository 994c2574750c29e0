"""Voices: standard level, how long their events sound, pooled takes, and what is kept."""

import time

import numpy as np
import pytest
import soundfile

from vsg_tf.config import Config
from vsg_tf.events import EventTrack
from vsg_tf.inference import voice_cache
from vsg_tf.inference.voice import PEAK, Voice, lengthened

RATE = 22050


def _strikes(path, decay: float, level: float = 0.9):
    """Strikes every 1.2 s whose level falls by 30 dB in `decay` seconds."""
    at = np.arange(round(4.8 * RATE)) / RATE % 1.2
    wave = level * np.sin(2 * np.pi * 700 * at) * 10 ** (-1.5 * at / decay) * (at < 1.15)
    soundfile.write(path, wave, RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize("decay", [0.15, 0.4, 0.8])
def test_decay_is_the_time_to_fall_30_db(tmp_path, decay):
    voice = Voice.open(_strikes(tmp_path / "r.wav", decay), Config())
    # Measured in feature frames of 46 ms over a window that smooths.
    assert voice.decay_s == pytest.approx(decay, abs=0.1)


def test_level_of_the_recording_does_not_matter(tmp_path):
    loud = Voice.open(_strikes(tmp_path / "loud.wav", 0.3), Config())
    faint = Voice.open(_strikes(tmp_path / "faint.wav", 0.3, level=0.02), Config())
    assert np.abs(loud.mel - faint.mel).mean() < 0.01


def test_short_recording_is_repeated(tmp_path):
    soundfile.write(tmp_path / "r.wav", np.sin(np.arange(2400) / 5), RATE)
    assert len(Voice.open(tmp_path / "r.wav", Config()).mel) >= 32


def test_durations_follow_the_reference_and_keep_their_ratio():
    track = EventTrack(np.array([0.0, 1.0, 2.0]), np.ones(3), np.array([0.2, 0.3, 3.0]))
    fitted = lengthened(track, 0.9, estimated=True)
    np.testing.assert_allclose(fitted.durations, [0.6, 0.9, 1.8])
    np.testing.assert_array_equal(fitted.times, track.times)
    np.testing.assert_array_equal(lengthened(track, None, True).durations, track.durations)
    np.testing.assert_array_equal(lengthened(track, 0.9, False).durations, track.durations)


def test_an_unknown_duration_is_the_references():
    track = EventTrack(np.array([0.0, 1.0]), np.ones(2), np.array([np.nan, 3.0]))
    np.testing.assert_allclose(lengthened(track, 0.9, estimated=False).durations, [0.9, 3.0])
    assert np.isfinite(lengthened(track, None, estimated=False).durations).all()


@pytest.mark.parametrize(("rate", "kept"), [(8000, 22050), (44100, 44100), (96000, 48000)])
def test_copies_keep_the_recordings_rate_and_channels(tmp_path, rate, kept):
    at = np.arange(rate) / rate
    wave = np.stack([0.5 * np.sin(2000 * at), 0.1 * np.sin(3000 * at)], axis=1)
    soundfile.write(tmp_path / "r.wav", wave, rate)
    voice = Voice.open(tmp_path / "r.wav", Config())
    (sound,) = voice.sounds
    assert (voice.sample_rate, voice.channels) == (kept, 2)
    assert sound.sample_rate == kept and sound.waveform.shape == (kept, 2)
    # One gain for both channels, so that the picture in stereo stays.
    assert np.ptp(sound.waveform[:, 0]) == pytest.approx(5 * np.ptp(sound.waveform[:, 1]), rel=0.1)
    assert np.abs(sound.waveform.mean(axis=1)).max() == pytest.approx(PEAK, rel=0.05)


def test_several_recordings_are_pooled(tmp_path):
    """At the highest rate and with the most channels, their levels to each other kept."""
    _strikes(tmp_path / "a.wav", 0.3)
    at = np.arange(44100) / 44100
    wave = 0.09 * np.stack([np.sin(2000 * at), np.sin(2000 * at)], axis=1)
    soundfile.write(tmp_path / "b.wav", wave, 44100)
    voice = Voice.open([tmp_path / "a.wav", tmp_path / "b.wav"], Config())
    assert (voice.sample_rate, voice.channels) == (44100, 2)
    assert [sound.waveform.shape[1] for sound in voice.sounds] == [2, 2]
    peaks = [np.abs(sound.waveform).max() for sound in voice.sounds]
    assert peaks[1] / peaks[0] == pytest.approx(0.1, rel=0.05)
    assert len(voice.mel) == pytest.approx((4.8 + 1) * 22050 / 256, abs=2)


def test_a_voice_is_made_ready_once(tmp_path):
    voice = Voice.open(_strikes(tmp_path / "r.wav", 0.3), Config())
    made = []
    for _ in range(2):
        assert voice.prepared("thing", lambda: made.append(1) or "made") == "made"
    assert made == [1]


def test_what_took_long_is_kept_for_the_next_process(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = _strikes(tmp_path / "r.wav", 0.3)
    made = []

    def ask(seconds, name="slow-1"):
        def make():
            made.append(seconds)
            time.sleep(seconds)
            return np.arange(5)

        voice = Voice.open(path, Config())
        ways = {"pack": lambda thing: {"thing": thing}, "unpack": lambda arrays: arrays["thing"]}
        np.testing.assert_array_equal(voice.prepared(name, make, **ways), np.arange(5))

    ask(0.25)
    ask(0.25)
    assert made == [0.25], "the second voice of the same recording found it"
    ask(0.0, "fast-1")
    ask(0.0, "fast-1")
    assert made == [0.25, 0.0, 0.0], "what is fast is made again"
    (kept,) = voice_cache.cache_folder().glob("*.npz")
    kept.write_bytes(b"damaged")
    ask(0.25)
    assert made[-1] == 0.25 and len(made) == 4
    monkeypatch.setattr(voice_cache, "MOST_FILES", 2)
    for number in range(3):
        ask(0.25, f"slow-{number + 2}")
    assert len(list(voice_cache.cache_folder().glob("*.npz"))) == 2


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    voice = Voice.open(_strikes(tmp_path / "r.wav", 0.3), Config())
    made = voice.prepared(
        "thing",
        lambda: time.sleep(0.25) or 7,
        pack=lambda value: {"value": np.array(value)},
        unpack=lambda arrays: int(arrays["value"]),
    )
    assert made == 7
