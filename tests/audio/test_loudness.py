"""Loudness is what an independent meter and the standard's own signals say."""

import numpy as np
import pyloudnorm
import pytest

from vsg_tf.audio.loudness import LoudnessMeter, integrated_loudness


def _sine(level_db, seconds, rate=48_000, hertz=997.0, channels=2):
    at = np.arange(round(seconds * rate)) / rate
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * at)
    return np.repeat(wave[:, None], channels, axis=1)


@pytest.mark.parametrize(("level", "channels", "expected"), [(-23, 2, -23.0), (0, 1, -3.01)])
def test_the_standards_sine(level, channels, expected):
    wave = _sine(level, 5, channels=channels)
    assert integrated_loudness(wave, 48_000) == pytest.approx(expected, abs=0.05)


def test_quiet_stretches_are_gated_as_in_ebu_tech_3341():
    """Case 3: 10 s at -36 dB, 60 s at -23 dB, 10 s at -36 dB are -23 LUFS."""
    parts = [_sine(-36, 10), _sine(-23, 60), _sine(-36, 10)]
    assert integrated_loudness(np.concatenate(parts), 48_000) == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_second_meter_agrees(rate, channels):
    rng = np.random.default_rng(rate + channels)
    wave = np.cumsum(rng.normal(size=(6 * rate, channels)), axis=0)
    wave = np.diff(wave, axis=0, prepend=0) + 0.02 * (wave - wave.mean(axis=0))
    wave *= np.repeat(rng.uniform(0, 0.2, 12), rate // 2)[:, None]
    second = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(wave)
    assert integrated_loudness(wave, rate) == pytest.approx(second, abs=0.1)


def test_blocks_add_up():
    wave = np.random.default_rng(0).normal(size=(50_000, 2))
    meter = LoudnessMeter(44_100, 2)
    for part in np.split(wave, [1, 100, 33_000]):
        meter.add(part)
    assert meter.integrated == pytest.approx(integrated_loudness(wave, 44_100), abs=1e-9)


def test_silence_and_short_sounds():
    assert integrated_loudness(np.zeros((48_000, 1)), 48_000) == -np.inf
    assert integrated_loudness(_sine(-23, 0.2), 48_000) == pytest.approx(-23, abs=0.6)


@pytest.mark.parametrize(
    ("levels", "expected"), [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20)]
)
def test_the_range_of_ebu_tech_3342s_signals(levels, expected):
    """Cases 1 to 3: 20 s at one level and 20 s at another."""
    meter = LoudnessMeter(48_000, 2)
    for level in levels:
        meter.add(_sine(level, 20, hertz=1000))
    assert meter.range == pytest.approx(expected, abs=1)


def test_the_range_leaves_out_what_is_far_below():
    """Case 4: 20 s each at -50, -35, -20, -35 and -50 dB are 15 LU."""
    meter = LoudnessMeter(48_000, 2)
    for level in (-50, -35, -20, -35, -50):
        meter.add(_sine(level, 20, hertz=1000))
    assert meter.range == pytest.approx(15, abs=1)


@pytest.mark.parametrize("seconds", [0, 0.3, 2.9])
def test_short_sounds_have_no_range(seconds):
    meter = LoudnessMeter(48_000, 1)
    meter.add(_sine(-20, seconds, channels=1))
    assert meter.range == 0
