"""Where sounds begin: strikes in silence, noise and reverberation, swelling and lasting sounds."""

import numpy as np
import pytest

from vsg_tf.audio.attacks import RATE, Thresholds, find_beginnings, fine_level, flux

PLACES = np.array([0.31, 0.55, 1.2, 1.32, 2.05, 3.4])


def strike(seconds=0.3, hertz=900.0, decay=14.0, seed=0):
    """A struck sound: a click of noise and a decaying tone."""
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).normal(size=len(time)) * np.exp(-200 * time)
    return (np.sin(2 * np.pi * hertz * time) + noise) * np.exp(-decay * time)


def placed(times, sounds, seconds, noise=0.0, seed=0):
    wave = np.random.default_rng(seed).normal(size=round(seconds * RATE)) * noise
    for time, sound in zip(times, sounds, strict=True):
        first = round(time * RATE)
        part = sound[: len(wave) - first]
        wave[first : first + len(part)] += part
    return wave.astype(np.float32)


def _strikes(noise=0.0, gains=None):
    gains = np.ones(len(PLACES)) if gains is None else gains
    sounds = [gain * strike(seed=i) for i, gain in enumerate(gains)]
    return placed(PLACES, sounds, 4.0, noise)


@pytest.mark.parametrize("noise", [0.0, 1e-4, 0.003, 0.03])
@pytest.mark.parametrize("gain", [1.0, 0.01])
def test_strikes_are_found_within_five_milliseconds(noise, gain):
    found = find_beginnings(gain * _strikes(noise))
    np.testing.assert_allclose(found.times, PLACES, atol=0.005)


def test_peaks_tell_how_much_weaker_a_strike_is():
    decibels = np.array([0.0, -6.0, -12.0, 0.0, -20.0, -3.0])
    found = find_beginnings(_strikes(gains=10 ** (decibels / 20)))
    np.testing.assert_allclose(found.peaks_db - found.peaks_db.max(), decibels, atol=1.5)


def test_in_reverberation():
    rng = np.random.default_rng(1)
    room = rng.normal(size=RATE // 2) * 10 ** (-3 * np.arange(RATE // 2) / (RATE / 2)) * 0.03
    room[0] = 1
    wave = np.convolve(_strikes(), room)[: 4 * RATE].astype(np.float32)
    np.testing.assert_allclose(find_beginnings(wave).times, PLACES, atol=0.01)


def test_strikes_over_a_loud_rumble():
    time = np.arange(4 * RATE) / RATE
    rumble = 0.5 * np.sin(2 * np.pi * 80 * time + np.sin(3 * time))
    found = find_beginnings((_strikes() + rumble).astype(np.float32)).times
    for place in PLACES:
        assert np.abs(found - place).min() < 0.01


@pytest.mark.parametrize("swell", [0.3, 0.8, 1.5])
def test_a_sound_that_swells_is_one_event_where_it_begins(swell):
    """From -40 dB to 0 dB within `swell` s, then 0.5 s at its loudest, then away."""
    rng = np.random.default_rng(0)
    time = np.arange(round((swell + 1.0) * RATE)) / RATE
    db = np.interp(time, [0, swell, swell + 0.5, swell + 1.0], [-40, 0, 0, -60])
    creak = rng.normal(size=len(time)) * 0.2 * 10 ** (db / 20)
    wave = placed([0.7], [creak], swell + 2.5, noise=1e-5)
    found = find_beginnings(wave).times
    assert len(found) == 1
    assert 0.65 < found[0] < 0.7 + swell / 2


def test_a_sound_that_is_on_from_the_beginning_begins_there():
    rng = np.random.default_rng(0)
    wave = rng.normal(size=3 * RATE) * np.interp(np.arange(3 * RATE), [0, RATE], [0.05, 0.2])
    assert find_beginnings(wave.astype(np.float32)).times.tolist() == [0.0]


def test_a_background_from_the_beginning_is_no_event():
    found = find_beginnings(_strikes(noise=0.02)).times
    np.testing.assert_allclose(found, PLACES, atol=0.005)


@pytest.mark.parametrize("samples", [1, 5, 63, 200, 1000])
def test_silence_and_sounds_of_a_few_samples(samples):
    assert len(find_beginnings(np.zeros(samples, np.float32)).times) == 0
    assert len(find_beginnings(np.ones(samples, np.float32)).times) <= 1
    assert len(flux(np.ones(samples, np.float32))) == 1 + samples // 128


def test_higher_thresholds_find_a_part_of_what_lower_ones_do():
    wave = _strikes(gains=np.array([1, 0.1, 0.03, 1, 0.3, 0.5]))
    most = find_beginnings(wave, Thresholds(1.0, 2.0, 5.0, 45.0)).times
    least = find_beginnings(wave, Thresholds(12.0, 10.0, 20.0, 15.0)).times
    assert 2 <= len(least) < len(PLACES) <= len(most)
    assert all(np.abs(most - time).min() < 0.01 for time in least)


def test_the_gap_keeps_the_first_of_two():
    found = find_beginnings(_strikes(), Thresholds(gap_s=0.3)).times
    np.testing.assert_allclose(found, [0.31, 1.2, 2.05, 3.4], atol=0.005)


def test_the_fine_level_is_an_rms():
    level = fine_level(np.full(4000, 0.1, np.float32))
    np.testing.assert_allclose(level[5:-5], -20, atol=1e-3)


def test_notes_over_a_sound_that_goes_on():
    """Ticks that are clear in the spectrum raise the level of a loud drone by less than 2 dB."""
    at = np.arange(4 * RATE) / RATE
    drone = 0.6 * np.sin(2 * np.pi * 220 * at) + 0.3 * np.sin(2 * np.pi * 440 * at)
    ticks = placed(PLACES, [0.12 * strike(hertz=5000.0)] * len(PLACES), 4.0, noise=1e-4)
    found = find_beginnings((drone + ticks).astype(np.float32)).times
    assert len(found) <= len(PLACES) + 1  # and the drone itself
    for place in PLACES:
        assert np.abs(found - place).min() < 0.01


def test_nothing_begins_at_the_very_end():
    wave = np.concatenate([_strikes(), 0.5 * strike()[: round(0.03 * RATE)]]).astype(np.float32)
    np.testing.assert_allclose(find_beginnings(wave).times, PLACES, atol=0.005)
