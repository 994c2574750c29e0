"""Single sounds stand where their events are, ring out, make room, and vary."""

import itertools

import numpy as np
import pytest

from tests.grains.sounds import RATE, hits, play, strikes
from vsg_tf.audio.reading import Sound
from vsg_tf.events import EventTrack
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import prepare
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import Timing

STILL = GrainOptions(variation=0)


def _decay(tau=0.25, seconds=3.0, seed=0):
    """One burst that dies away, at 0.2 s."""
    at = np.arange(round(seconds * RATE)) / RATE - 0.2
    noise = np.random.default_rng(seed).normal(size=len(at))
    wave = 0.2 * noise * np.where(at >= 0, np.exp(-np.maximum(at, 0) / tau), 0)
    return Sound(wave.astype(np.float32)[:, None], RATE)


def _within(waveform, decibels):
    level = level_curve(waveform, RATE, 0.01)
    return 0.005 * np.sum(level > level.max() - decibels)


@pytest.fixture(scope="module")
def ringing():
    return prepare([_decay()])


@pytest.fixture(scope="module")
def many():
    return prepare([hits()])


@pytest.mark.parametrize("duration", [np.nan, 8.0])
def test_a_sound_rings_out_as_its_recording_does(ringing, duration):
    made, _ = play(ringing, [0.5], durations=[duration], seconds=9.0)
    for decibels in (20, 40):
        assert _within(made, decibels) >= 0.95 * _within(_decay().waveform, decibels)


def test_a_duration_ends_it_by_a_fade(ringing):
    made, _ = play(ringing, [0.5], durations=[0.4])
    assert not made[round(0.91 * RATE) :].any()
    level = level_curve(made, RATE, 0.01)
    assert level[round(0.65 / 0.005)] > level.max() - 12
    assert level[round(0.89 / 0.005)] < level.max() - 25


def test_guessed_durations_end_nothing(ringing):
    made, _ = play(ringing, [0.5], durations=[0.2], estimated=True)
    assert _within(made, 20) >= 0.95 * _within(_decay().waveform, 20)


def test_the_attack_is_the_recordings_at_the_events_time(ringing):
    made, _ = play(ringing, [1.0], options=STILL)
    attack = made[RATE - RATE // 50 : RATE + RATE // 10, 0]
    recorded = _decay().waveform[round(0.1 * RATE) : round(0.4 * RATE), 0]
    match = np.correlate(recorded, attack, "valid")
    best = int(match.argmax())
    assert abs(best - round(0.08 * RATE)) < 0.006 * RATE  # attacks are found to some ms
    part = recorded[best : best + len(attack)]
    assert np.corrcoef(part, attack)[0, 1] > 0.999


def test_a_following_event_makes_room_without_a_cut(ringing):
    options = GrainOptions(variation=0, overlap=False)
    first = play(ringing, [0.5], options=options)[0]
    both, _ = play(ringing, [0.5, 0.9], options=options)
    second = both.copy()
    second[: len(first)] -= first
    until = round(0.87 * RATE)  # its lead and the fade begin some ms before the attack
    np.testing.assert_allclose(both[:until], first[:until], atol=1e-6)
    alone, _ = play(ringing, [0.9], options=GrainOptions(variation=0, overlap=False, seed=0))
    after = slice(round(0.97 * RATE), RATE * 3)
    gain = np.dot(both[after, 0], alone[after, 0]) / np.dot(alone[after, 0], alone[after, 0])
    left = both[after] - gain * alone[after]
    assert np.abs(left).max() < 1e-3


def test_what_rings_sounds_on_unless_told_otherwise(ringing):
    assert ringing.takes[0].rings
    on, _ = play(ringing, [0.5, 0.9], options=STILL)
    off, _ = play(ringing, [0.5, 0.9], options=GrainOptions(variation=0, overlap=False))
    after = slice(round(1.0 * RATE), round(1.2 * RATE))
    assert np.abs(on[after] - off[after]).max() > 0.02
    assert not play(prepare([_decay(0.03)]), [0.5], options=STILL)[1].events.pitches.any()


def _hits_of(made, times):
    return [made[round(t * RATE) - 200 : round((t + 0.15) * RATE), 0] for t in times]


def _likeness(one, other):
    size = 2 * len(one)
    match = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)))
    return match.max() / np.sqrt((one @ one) * (other @ other))


@pytest.mark.parametrize("tau", [0.02, 0.08])
def test_one_take_varies_as_a_performer_does(tau):
    material = prepare([_decay(tau)])
    assert len(material.takes) == 1
    times = np.arange(0.5, 3.8, 0.25)
    made, performance = play(material, times)
    parts = _hits_of(made, times)
    assert max(_likeness(a, b) for a, b in itertools.pairwise(parts)) < 0.95
    assert np.abs(performance.events.pitches).max() <= 0.25
    assert np.ptp(20 * np.log10([np.abs(part).max() for part in parts])) < 6
    other, _ = play(material, times, options=GrainOptions(seed=1))
    assert not np.array_equal(made, other)
    flat = _hits_of(play(material, times, options=STILL)[0], times)
    assert min(_likeness(a, b) for a, b in itertools.pairwise(flat)) > 0.999


def test_pitch_moves_the_sound_and_not_its_time():
    material = prepare([strikes()])
    material_one = prepare([Sound(strikes().waveform[round(3.3 * RATE) :], RATE)])
    track = EventTrack(np.array([1.0]), np.ones(1), np.full(1, np.nan), pitches=np.array([12.0]))
    made = np.concatenate(list(perform(material_one, Timing(2.0, track)).blocks()))[:, 0]
    part = made[round(1.02 * RATE) : round(1.12 * RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    assert spectrum.argmax() * RATE / (1 << 16) == pytest.approx(2200, abs=15)
    first = np.flatnonzero(np.abs(made) > 0.1 * np.abs(made).max())[0] / RATE
    assert first == pytest.approx(1.0, abs=0.012)
    assert len(material.takes) == 4


def test_several_recordings_pool_their_takes(many):
    pooled = prepare([hits((0.9, 0.5)), hits((0.8,))])
    assert [take.sound for take in pooled.takes] == [0, 0, 1]
    _, made = play(pooled, [0.5, 1.0, 1.5, 2.0, 2.5, 3.0])
    assert set(made.events.takes) == {1, 2, 3}
