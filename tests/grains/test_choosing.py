"""Events get takes of their strength, in turn, at the level that they ask for."""

import itertools

import numpy as np
import pytest

from tests.grains.sounds import LEVELS, RATE, hits, play
from vsg_tf.audio.reading import Sound
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.grains.choosing import choose, ranks_of
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import prepare
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import Timing


@pytest.fixture(scope="module")
def material():
    return prepare([hits()])


def _chosen(material, strengths, lengths=None, seed=0):
    count = len(strengths)
    track = EventTrack(np.arange(count) * 1.0, np.array(strengths), np.full(count, np.nan))
    lengths = np.full(count, np.nan) if lengths is None else lengths
    return choose(material.takes, track, lengths, material.sample_rate, None, seed)


def test_strength_decides(material):
    order = np.argsort(LEVELS)
    chosen = _chosen(material, [0.1, 0.4, 0.7, 1.0])
    assert np.corrcoef(np.argsort(order)[chosen], [0, 1, 2, 3])[0, 1] > 0.9
    assert _chosen(material, [1.0])[0] == int(np.argmax(LEVELS))


def test_never_the_same_twice_and_all_are_played(material):
    chosen = _chosen(material, [1.0] * 12)
    assert (np.diff(chosen) != 0).all() and set(chosen) == {0, 1, 2, 3}


def test_another_seed_is_another_order(material):
    orders = {tuple(_chosen(material, [0.8] * 10, seed=seed)) for seed in range(5)}
    assert len(orders) > 1


def test_takes_that_are_alike_do_not_follow_each_other():
    """Of three takes two are the same sound: they are kept apart by the third."""
    same, other = np.split(hits((0.6, 0.5)).waveform, 2)
    material = prepare([Sound(np.concatenate([same, other, 0.95 * same]), RATE)])
    chosen = _chosen(material, [1.0] * 9)
    assert all({a, b} != {0, 2} for a, b in itertools.pairwise(chosen))


def test_what_is_unlike_the_rest_is_played_last():
    rng = np.random.default_rng(0)
    strike = hits((0.9,)).waveform
    hiss = np.zeros_like(strike)
    hiss[RATE // 10 : RATE // 4, 0] = 0.3 * np.diff(rng.normal(size=RATE // 4 - RATE // 10 + 1))
    wave = np.concatenate([strike, 0.6 * strike, hiss, 0.8 * strike])
    material = prepare([Sound(wave, RATE)])
    assert [take.unlike for take in material.takes] == [False, False, True, False]
    assert 2 not in _chosen(material, [1.0, 0.5] * 8)


def test_length_decides_between_equal_takes():
    at = np.arange(RATE) / RATE
    hits = [np.sin(2 * np.pi * 600 * at) * np.exp(-at / decay) for decay in (0.02, 0.12)]
    material = prepare([Sound(0.5 * np.concatenate(hits).astype(np.float32)[:, None], RATE)])
    assert list(_chosen(material, [1.0, 1.0], np.array([0.9, 0.1]))) == [1, 0]


def test_gains_bring_takes_to_the_strengths(material):
    options = GrainOptions(variation=0)
    waveform, made = play(material, [0.2, 1.2, 2.2], [1.0, 0.6, 0.3], options=options)
    levels = [level_curve(waveform[f : f + RATE], RATE, 0.02).max() for f in (0, RATE, 2 * RATE)]
    np.testing.assert_allclose(np.array(levels) - levels[0], [0, -12, -21], atol=1)
    flat, _ = play(material, [0.2, 1.2], [1.0, 0.3], options=GrainOptions(0.0, dynamics=0))
    levels = [level_curve(flat[f : f + RATE], RATE, 0.02).max() for f in (0, RATE)]
    assert levels[0] == pytest.approx(levels[1], abs=3)
    assert (made.events.takes >= 1).all() and np.isfinite(made.events.gains).all()


def test_a_list_can_name_take_pitch_and_gain(material):
    track = EventTrack(
        np.array([0.5, 1.5]),
        np.ones(2),
        np.full(2, np.nan),
        takes=np.array([2.0, np.nan]),
        pitches=np.array([-2.0, np.nan]),
        gains=np.array([-3.0, np.nan]),
    )
    made = perform(material, Timing(3.0, track))
    assert made.events.takes[0] == 2 and made.events.pitches[0] == -2
    assert made.events.gains[0] == -3 and np.isfinite(made.events.pitches).all()


def test_a_take_that_there_is_not_is_named(material):
    track = EventTrack(np.array([0.5]), np.ones(1), np.ones(1), takes=np.array([9.0]))
    with pytest.raises(InputError, match=r"take 9.*has 4"):
        perform(material, Timing(3.0, track))


def test_ranks():
    np.testing.assert_allclose(ranks_of([3.0, 1.0, 3.0]), [0.75, 0, 0.75])
    np.testing.assert_allclose(ranks_of([2.0]), [1.0])
