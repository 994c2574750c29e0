"""Runs stand where the events are, come from the recording, and follow strength and level."""

import numpy as np
import pytest

from tests.grains.sounds import PITCHES, RATE, STRIKES, material_of, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.events import EventTrack
from vsg_tf.grains.level_track import LevelTrack
from vsg_tf.grains.runs import PRE_ROLL, render_runs
from vsg_tf.timebase import TimeBase

BASE = TimeBase()


@pytest.fixture(scope="module")
def material():
    return material_of(strikes(channels=2))


def _level(values, seconds=4.0):
    """A decoded mel whose level follows `values(t)`, 0..1."""
    times = BASE.mel_times(round(seconds * BASE.mel_rate))
    mel = np.repeat(values(times)[:, None], 80, axis=1)
    return LevelTrack(iter(np.array_split(mel, 7)), BASE)


def _runs(material, track, level=None):
    level = _level(lambda t: np.full(len(t), 0.6)) if level is None else level
    return list(render_runs(material, track, level, 4.0))


def _track(*rows):
    return EventTrack(*np.array(rows, float).T)


def test_attack_is_the_recordings_at_the_events_time(material):
    (run,) = _runs(material, _track((1.0, 1.0, 0.4)))
    assert run.start == round((1.0 - PRE_ROLL) * RATE)
    attack = run.waveform[round(PRE_ROLL * RATE) : round((PRE_ROLL + 0.08) * RATE)]
    assert attack.shape[1] == 2
    start = round(STRIKES[3] * RATE)  # the loudest
    # Attacks are found on a grid of 10 ms.
    shifts = [
        material.sound.waveform[start + shift : start + shift + len(attack)]
        for shift in range(-RATE // 50, RATE // 50)
    ]
    errors = [np.sum((attack - other) ** 2) / np.sum(attack**2) for other in shifts]
    assert min(errors) < 1e-3


def test_strength_is_level_and_rank(material):
    track = _track((0.5, 1.0, 0.4), (1.5, 0.6, 0.4), (2.5, 0.3, 0.4))
    runs = _runs(material, track)
    peaks = np.array([20 * np.log10(np.abs(run.waveform).max()) for run in runs])
    np.testing.assert_allclose(peaks - peaks[0], [0, -12, -21], atol=2)


def test_moving_an_event_moves_its_run_and_nothing_else(material):
    rows = [(0.5, 1.0, 0.3), (1.5, 0.7, 0.3), (2.6, 0.5, 0.3)]
    before = _runs(material, _track(*rows))
    rows[1] = (1.7, 0.7, 0.3)
    after = _runs(material, _track(*rows))
    moved = [b.start - a.start for a, b in zip(before, after, strict=True)]
    np.testing.assert_allclose(moved, [0, 0.2 * RATE, 0], atol=1)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one.waveform, other.waveform, atol=1e-6)


def test_a_run_ends_before_the_next_and_makes_room_for_it(material):
    first, second = _runs(material, _track((0.5, 1.0, 0.5), (0.7, 1.0, 0.5)))
    assert first.start + len(first.waveform) <= second.start + round(PRE_ROLL * RATE)
    alone = _runs(material, _track((0.5, 1.0, 0.5)))[0]
    late = slice(round(0.16 * RATE), round(0.18 * RATE))
    assert rms_db(first.waveform[late]) < rms_db(alone.waveform[late]) - 5


def test_decay_follows_the_networks_level(material):
    slow = _level(lambda t: np.full(len(t), 0.6))
    fast = _level(lambda t: 0.6 - 4 * np.clip(t - 1.05, 0, 0.15))
    late = slice(round(0.25 * RATE), round(0.3 * RATE))
    (kept,), (damped,) = (_runs(material, _track((1.0, 1.0, 0.4)), level) for level in (slow, fast))
    assert rms_db(damped.waveform[late]) < rms_db(kept.waveform[late]) - 4
    early = slice(0, round(0.08 * RATE))
    np.testing.assert_allclose(damped.waveform[early], kept.waveform[early], atol=1e-6)


def test_a_run_is_no_longer_than_its_sound(material):
    (run,) = _runs(material, _track((1.0, 1.0, 2.0)))
    longest = max(segment.length for segment in material.segments)
    assert len(run.waveform) <= (longest + PRE_ROLL) * RATE + 2
    part = run.waveform[round(0.2 * RATE) : round(0.4 * RATE), 0]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    assert spectrum.argmax() * RATE / (1 << 16) == pytest.approx(PITCHES[3], abs=5)


def test_no_events_no_runs(material):
    assert _runs(material, EventTrack.empty()) == []
