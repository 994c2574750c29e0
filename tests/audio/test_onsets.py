"""Events and loudness heard in sounds of which the truth is known."""

import librosa
import numpy as np
import pytest

from vsg_tf.audio.onsets import envelope_from_audio, events_from_audio, onset_strength
from vsg_tf.timebase import TimeBase

GRID = TimeBase()
RATE = GRID.sample_rate


def _bursts(times, levels_db, decay=0.03, seconds=3.0) -> np.ndarray:
    generator = np.random.default_rng(0)
    waveform = 1e-4 * generator.normal(size=round(seconds * RATE))
    for time, level in zip(times, levels_db, strict=True):
        start = round(time * RATE)
        fade = np.exp(-np.arange(len(waveform) - start) / (decay * RATE))
        waveform[start:] += 10 ** (level / 20) * generator.uniform(-1, 1, len(fade)) * fade
    return waveform.astype(np.float32)


def test_times_strengths_and_durations_of_known_bursts():
    times, strengths, durations = events_from_audio(
        _bursts([0.3, 1.1, 1.9, 2.5], [0, -15, -5, -40]), GRID
    )
    np.testing.assert_allclose(times, [0.3, 1.1, 1.9], atol=0.008)
    np.testing.assert_allclose(strengths, [1, 0.5, 1 - 5 / 30], atol=0.07)
    # An exponential decay of 30 ms falls by 30 dB in 104 ms.
    np.testing.assert_allclose(durations, 0.104, atol=0.02)
    assert times.dtype == strengths.dtype == durations.dtype == np.float32


def test_an_event_ends_where_the_next_begins():
    times, _, durations = events_from_audio(_bursts([0.5, 0.8], [0, 0], decay=0.15), GRID)
    assert durations[0] == pytest.approx(times[1] - times[0], abs=1e-3)


@pytest.mark.parametrize("samples", [0, 1, 10, 1000, RATE])
def test_silence_of_any_length_has_no_events(samples):
    assert all(len(values) == 0 for values in events_from_audio(np.zeros(samples), GRID))


def test_envelope_is_log_rms_from_45_db_below_the_maximum():
    hop = GRID.feature_hop
    gains = np.array([1, 10 ** (-9 / 20), 10 ** (-22.5 / 20), 10 ** (-60 / 20), 0])
    waveform = np.repeat(gains, hop) * 0.5
    envelope = envelope_from_audio(waveform, GRID, 7)
    np.testing.assert_allclose(envelope, [1, 0.8, 0.5, 0, 0, 0, 0], atol=1e-5)
    np.testing.assert_allclose(envelope_from_audio(waveform, GRID, 2), [1, 0.8], atol=1e-5)
    assert not envelope_from_audio(np.zeros(100), GRID, 3).any()


@pytest.mark.parametrize("hop", [128, 256, 512])
@pytest.mark.parametrize("samples", [2048, 5000, 3 * RATE])
def test_onset_strength_is_librosas(samples, hop):
    waveform = _bursts([0.3, 1.1, 1.9, 2.5], [0, -15, -5, -40])[:samples]
    spectrum = librosa.feature.melspectrogram(
        y=waveform, sr=RATE, n_fft=1024, hop_length=hop, n_mels=80, power=1, pad_mode="constant"
    )
    decibels = librosa.power_to_db(spectrum**2, top_db=60)
    expected = librosa.onset.onset_strength(S=decibels, sr=RATE, hop_length=hop)
    found = onset_strength(waveform, TimeBase(hop_length=hop))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("grid", [TimeBase(22050, 1024, 1), TimeBase(48000, 2000, 1)])
def test_frames_that_are_far_apart(grid):
    """More than half of the usual spectrum lies between frames."""
    waveform = np.interp(
        np.arange(3 * grid.sample_rate) / grid.sample_rate,
        np.arange(3 * RATE) / RATE,
        _bursts([0.3, 1.1, 1.9], [0, -15, -5]),
    )
    times, _, _ = events_from_audio(waveform, grid)
    np.testing.assert_allclose(times, [0.3, 1.1, 1.9], atol=0.01)
