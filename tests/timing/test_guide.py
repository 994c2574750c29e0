"""Timing from a guide sound: events, level, options, and the guides that are refused."""

import time

import numpy as np
import pytest

from vsg_tf.audio.reading import Sound
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.guide import GuideOptions, guide_timing
from vsg_tf.timing.timing import Timing

RATE = 48000
PLACES = np.array([0.4, 1.1, 1.9, 2.6])


def _strike(seconds, decay_db, hertz=800.0, rate=RATE):
    """A tone that falls by `decay_db` a second, with a click at its start."""
    at = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(0).normal(size=len(at)) * np.exp(-300 * at)
    return (0.5 * np.sin(2 * np.pi * hertz * at) + 0.2 * noise) * 10 ** (-decay_db * at / 20)


def _guide(gains=(0, -6, -18, 0), seconds=3.2, rate=RATE, noise=1e-5, decay_db=150.0, hertz=800.0):
    wave = np.random.default_rng(1).normal(size=round(seconds * rate)) * noise
    for place, gain in zip(PLACES, gains, strict=True):
        part = _strike(0.6, decay_db, hertz, rate)[: len(wave) - round(place * rate)]
        first = round(place * rate)
        wave[first : first + len(part)] += part * 10 ** (gain / 20)
    return Sound(wave[:, None].astype(np.float32), rate)


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 96000])
def test_events_of_a_guide_at_any_rate(rate):
    timing = guide_timing(_guide(rate=rate))
    assert timing.duration_s == pytest.approx(3.2) and not timing.estimated and timing.notes == ()
    np.testing.assert_allclose(timing.events.times, PLACES, atol=0.005)
    np.testing.assert_allclose(timing.events.strengths, [1, 0.8, 0.4, 1], atol=0.06)
    # 150 dB a second are 30 dB in 0.2 s.
    np.testing.assert_allclose(timing.events.durations, 0.2, atol=0.03)


def test_a_stereo_guide_counts_with_both_channels():
    left, right = _guide((0, -90, 0, -90)).waveform, _guide((-90, 0, -90, 0)).waveform
    timing = guide_timing(Sound(np.concatenate([left, right], axis=1), RATE))
    np.testing.assert_allclose(timing.events.times, PLACES, atol=0.005)


def test_a_sound_that_lasts_has_its_whole_length():
    at = np.arange(5 * RATE) / RATE
    db = np.interp(at, [0.999, 1, 2, 4, 4.2], [-70, -20, -3, -6, -70])
    wave = np.random.default_rng(0).normal(size=len(at)) * 0.2 * 10 ** (db / 20)
    timing = guide_timing(Sound(wave[:, None].astype(np.float32), RATE))
    assert len(timing.events) == 1
    assert timing.events.times[0] == pytest.approx(1.0, abs=0.02)
    assert timing.events.durations[0] == pytest.approx(3.1, abs=0.1)
    level = timing.level
    assert level.rate == 100 and level.db.max() == 0
    seen = level.at(np.arange(1.2, 3.9, 0.02))
    expected = np.interp(np.arange(1.2, 3.9, 0.02), at, db)
    assert np.abs(seen - seen.mean() - expected + expected.mean()).mean() < 1.0
    assert level.at(np.array([0.5, 4.8])).max() < -50


def test_the_level_is_at_the_time_of_the_sound():
    """A block of noise of 50 ms: half of its level is reached at its edges, within 5 ms."""
    wave = np.random.default_rng(0).normal(size=3 * RATE) * 1e-5
    wave[RATE : RATE + RATE // 20] *= 1e4
    level = guide_timing(Sound(wave[:, None].astype(np.float32), RATE)).level
    loud = np.flatnonzero(level.db > -6) / level.rate
    assert loud[0] == pytest.approx(1.0, abs=0.011) and loud[-1] == pytest.approx(1.05, abs=0.011)
    assert np.flatnonzero(level.db > -4).mean() / level.rate == pytest.approx(1.025, abs=0.003)


def test_a_steady_background_is_taken_off_the_level():
    level = guide_timing(_guide(noise=0.003)).level
    without = guide_timing(_guide(noise=1e-6)).level
    loud = without.db > -25
    assert np.abs(level.db[loud] - without.db[loud]).mean() < 1.0
    assert level.at(np.array([0.2])) < -50


def test_brightness_ranks_moments_by_their_spectrum():
    at = np.arange(2 * RATE) / RATE
    dark, bright = np.sin(2 * np.pi * 200 * at), np.sin(2 * np.pi * 5000 * at)
    wave = np.where(at < 0.5, 0, np.where(at < 1.2, dark, bright)) * 0.3
    brightness = guide_timing(Sound(wave[:, None].astype(np.float32), RATE)).level.brightness
    assert len(brightness) == 201
    assert brightness[60:115].max() < 0.5 < brightness[125:195].min()
    assert brightness[:45].max() == 0 and brightness.max() == 1


def test_sensitivity():
    guide = _guide((0, -20, -33, -6), noise=1e-6)
    found = [len(guide_timing(guide, None, GuideOptions(s)).events) for s in (0.0, 0.5, 1.0)]
    assert found == [2, 3, 4]


def test_a_frequency_band_leaves_the_rest_out():
    low, high = _guide((0, -90, 0, -90), hertz=200), _guide((-90, 0, -90, 0), hertz=5000)
    # Without their clicks, which are in every band.
    for sound, places in ((low, (0, 2)), (high, (1, 3))):
        for place in places:
            first = round(PLACES[place] * RATE)
            fade = np.hanning(1024)[:512, None]
            sound.waveform[first : first + 512] *= fade
    both = Sound(low.waveform + high.waveform, RATE)
    kept = guide_timing(both, None, GuideOptions(high_hz=800, sensitivity=0.3)).events
    np.testing.assert_allclose(kept.times[kept.strengths > 0.5], PLACES[[0, 2]], atol=0.02)
    kept = guide_timing(both, None, GuideOptions(low_hz=2500, sensitivity=0.3)).events
    np.testing.assert_allclose(kept.times[kept.strengths > 0.5], PLACES[[1, 3]], atol=0.02)


def _syllables(seconds):
    """Something like speech: harmonics of 300 Hz in syllables of 0.1 to 0.25 s."""
    rng = np.random.default_rng(0)
    wave, at = np.zeros(round(seconds * RATE)), 0.2
    while at < seconds - 0.3:
        steps = np.arange(round(rng.uniform(0.1, 0.25) * RATE)) / RATE
        voice = sum(np.sin(2 * np.pi * 300 * k * steps + k) / k for k in range(1, 5))
        first = round(at * RATE)
        wave[first : first + len(steps)] += 0.1 * voice * np.sqrt(np.hanning(len(steps)))
        at += steps[-1] + rng.uniform(0.02, 0.2)
    return wave


@pytest.mark.parametrize(("hertz", "band"), [(90, (40, 200)), (5000, (2000, 9000))])
def test_thumps_or_ticks_under_speech(hertz, band):
    wave = _syllables(3.2) + np.random.default_rng(1).normal(size=round(3.2 * RATE)) * 1e-4
    for place in PLACES:
        steps = np.arange(round(0.3 * RATE)) / RATE
        ring = (
            np.sin(2 * np.pi * hertz * steps) * np.exp(-14 * steps) * np.minimum(1, steps / 0.004)
        )
        wave[round(place * RATE) :][: len(ring)] += 0.4 * ring
    guide = Sound(wave[:, None].astype(np.float32), RATE)
    assert len(guide_timing(guide).events) > 6
    found = guide_timing(guide, None, GuideOptions(low_hz=band[0], high_hz=band[1])).events
    np.testing.assert_allclose(found.times, PLACES, atol=0.02)


def test_least_gap_and_offset():
    wide = guide_timing(_guide(), None, GuideOptions(least_gap_s=0.75))
    np.testing.assert_allclose(wide.events.times, PLACES[[0, 2]], atol=0.005)
    plain = guide_timing(_guide())
    for offset in (-80.0, 120.0):
        moved = guide_timing(_guide(), None, GuideOptions(offset_ms=offset))
        np.testing.assert_allclose(moved.events.times - plain.events.times, offset / 1000)
        at = np.arange(0.2, 2.8, 0.01)
        np.testing.assert_allclose(
            moved.level.at(at + offset / 1000), plain.level.at(at), atol=1e-6
        )
    early = guide_timing(_guide(), None, GuideOptions(offset_ms=-500))
    np.testing.assert_allclose(early.events.times, PLACES[1:] - 0.5, atol=0.005)


def test_a_guide_that_is_shorter_or_longer_than_the_clip_says_so():
    short = guide_timing(_guide(), 10.0)
    assert short.duration_s == 10 and len(short.events) == 4
    assert short.notes == ("The guide ends at 3.20 s; the rest of the clip stays silent.",)
    assert short.level.at(np.array([5.0])) == -80
    long = guide_timing(_guide(), 2.0)
    np.testing.assert_allclose(long.events.times, PLACES[:3], atol=0.005)
    assert len(long.notes) == 1 and "longer than the clip" in long.notes[0]
    assert (long.events.times + long.events.durations).max() <= 2.01


def _picture(*times):
    return Timing(3.2, EventTrack(times, np.ones(len(times)), np.ones(len(times))))


def test_the_picture_confirms():
    options = GuideOptions(confirm=True)
    timing = guide_timing(_guide(), None, options, _picture(0.5, 1.3, 1.8))
    np.testing.assert_allclose(timing.events.times, PLACES[[0, 2]], atol=0.005)
    assert timing.notes == ("The guide: the picture confirms 2 of 4 events.",)
    assert timing.level.at(np.array([0.42])) > -20
    assert timing.level.at(np.array([1.12, 2.62])).max() == -80
    for picture in (_picture(0.8), _picture()):
        with pytest.raises(InputError, match="of which the picture confirms none"):
            guide_timing(_guide(), None, options, picture)


@pytest.mark.parametrize(
    ("wave", "sentence"),
    [
        (np.zeros(RATE), "is silent; give a sound"),
        (np.full(RATE, 1e-5), "is silent"),
        (np.full(RATE, 0.3), "is silent"),  # a constant is no sound
        (np.zeros(0), "is silent"),
        (np.where(np.arange(RATE) == 99, np.nan, 0.1), "not finite"),
        (np.where(np.arange(RATE) == 99, np.inf, 0.1), "not finite"),
        (np.sin(np.arange(3 * RATE) / 20), "steady from beginning to end"),
        (np.random.default_rng(0).normal(size=3 * RATE) * 0.1, "steady from beginning to end"),
    ],
)
def test_guides_that_tell_nothing(wave, sentence):
    with pytest.raises(InputError, match=f"^The guide x.wav .*{sentence}") as raised:
        guide_timing(Sound(wave[:, None].astype(np.float32), RATE), 5.0, name="The guide x.wav")
    assert str(raised.value).count(". ") == 0


def test_a_guide_in_which_nothing_begins():
    """A sound that slowly gets louder by 18 dB, for a listener that wants clear beginnings."""
    at = np.arange(4 * RATE) / RATE
    db = np.interp(at, [0, 4], [-18, 0])
    wave = np.random.default_rng(0).normal(size=len(at)) * 0.2 * 10 ** (db / 20)
    with pytest.raises(InputError, match=r"raise its sensitivity \(now 0\)"):
        guide_timing(Sound(wave[:, None].astype(np.float32), RATE), None, GuideOptions(0.0))


def test_a_band_in_which_there_is_nothing():
    at = np.arange(2 * RATE) / RATE
    wave = np.sin(2 * np.pi * 300 * at) * 0.5 * np.hanning(len(at))
    with pytest.raises(InputError, match="silent in its frequency band"):
        guide_timing(Sound(wave[:, None].astype(np.float32), RATE), None, GuideOptions(low_hz=8000))


def test_an_offset_that_leaves_nothing():
    with pytest.raises(InputError, match="its offset is too large"):
        guide_timing(_guide(), None, GuideOptions(offset_ms=-5000))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sensitivity": 1.1}, "sensitivity must be from 0 to 1, not 1.1"),
        ({"sensitivity": float("nan")}, "sensitivity must be"),
        ({"least_gap_s": 0}, "least gap must be from 0.01 to 10 s"),
        ({"offset_ms": 1e6}, "offset must be"),
        ({"low_hz": 5}, "frequency band must be from 20 to 10000 Hz"),
        ({"high_hz": 20_000}, "frequency band must be"),
        ({"low_hz": 1000, "high_hz": 900}, "too narrow"),
        ({"track": 0}, "count from 1"),
    ],
)
def test_options_out_of_range(options, sentence):
    with pytest.raises(InputError, match=sentence):
        GuideOptions(**options)


def test_ten_seconds_take_no_time():
    parts = [_guide().waveform] * 4
    guide = Sound(np.concatenate(parts)[: 10 * RATE].repeat(2, axis=1), RATE)
    guide_timing(guide)
    taken = []
    for _ in range(3):
        start = time.process_time()
        guide_timing(guide)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.15
