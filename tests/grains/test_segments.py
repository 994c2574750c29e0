"""Sounds are found where they are, whole, and told apart by how they go on."""

import numpy as np
import pytest

from tests.grains.sounds import LEVELS, RATE, STRIKES, bursts, cry, engine, rain, strikes
from vsg_tf.audio.reading import Sound
from vsg_tf.grains.kinds import Kind, ReferenceKind
from vsg_tf.grains.material import prepare


def _seconds(material, name):
    return np.array([getattr(take, name) for take in material.takes]) / material.sample_rate


@pytest.mark.parametrize("noise", [0.0, 0.003])
def test_each_strike_is_a_take_with_its_level(noise):
    material = prepare([strikes(noise)])
    np.testing.assert_allclose(_seconds(material, "attack"), STRIKES, atol=0.02)
    levels = np.array([take.level for take in material.takes])
    expected = 20 * np.log10(np.array(LEVELS) / max(LEVELS))
    np.testing.assert_allclose(levels - levels.max(), expected, atol=1.5)
    assert all(take.kind is Kind.SINGLE for take in material.takes)


def test_a_take_is_as_long_as_its_sound():
    lengths = _seconds(prepare([strikes()]), "stop") - STRIKES
    # exp(-t / 0.06) is 62 dB down after 0.43 s.
    assert (lengths > 0.35).all() and (lengths < 0.6).all()


def test_sparse_bursts_in_noise_are_single_sounds():
    material = prepare([bursts()])
    np.testing.assert_allclose(_seconds(material, "attack"), [1.0, 2.3, 3.9], atol=0.02)
    assert all(take.kind is not Kind.LASTING for take in material.takes)


@pytest.mark.parametrize("sound", [rain(), engine()])
def test_what_goes_on_throughout_lasts(sound):
    (take,) = prepare([sound]).takes
    assert take.kind is Kind.LASTING and take.stop - take.begin == len(sound.waveform)


def test_a_cry_has_ends_of_its_own_and_can_be_held():
    (take,) = prepare([cry()]).takes
    assert take.kind is Kind.MIXED and not take.cut
    assert take.attack / RATE == pytest.approx(0.4, abs=0.03)


def test_a_slow_decay_is_no_sound_that_lasts():
    at = np.arange(3 * RATE) / RATE
    bell = 0.5 * np.sin(2 * np.pi * 700 * at) * np.exp(-at / 0.8)
    (take,) = prepare([Sound(bell.astype(np.float32)[:, None], RATE)]).takes
    assert take.kind is Kind.SINGLE and take.rings


def test_kind_can_be_said():
    assert all(t.kind is Kind.SINGLE for t in prepare([cry()], ReferenceKind.SINGLE).takes)
    (take,) = prepare([strikes()], ReferenceKind.LASTING).takes
    assert take.kind is Kind.LASTING


def test_a_latch_and_its_door_are_one_sound_with_the_attack_at_the_louder():
    rng = np.random.default_rng(0)
    wave = np.zeros(RATE)
    for start, level, seconds in ((0.3, 0.1, 0.03), (0.45, 0.8, 0.3)):
        first, count = round(start * RATE), round(seconds * RATE)
        decay = np.exp(-np.arange(count) / (0.2 * count))
        wave[first : first + count] += level * rng.normal(size=count) * decay
    (take,) = prepare([Sound(wave.astype(np.float32)[:, None], RATE)]).takes
    assert take.attack / RATE == pytest.approx(0.45, abs=0.02)
    assert take.begin / RATE <= 0.3


@pytest.mark.parametrize("samples", [2300, 4410, 9000])
def test_a_very_short_sound_is_one_take(samples):
    start = round(STRIKES[1] * RATE)
    short = Sound(strikes().waveform[start : start + samples], RATE)
    assert len(prepare([short]).takes) == 1


def test_a_faint_stir_before_a_tick_is_not_its_beginning():
    """Half a second before the tick, 15 dB softer: the event stands for the tick."""
    rate = 22050
    at = np.arange(round(0.06 * rate)) / rate
    tick = 0.5 * np.sin(2 * np.pi * 1800 * at) * np.exp(-at / 0.01)
    stir = 0.09 * np.sin(2 * np.pi * 150 * at) * np.exp(-at / 0.02)
    waveform = np.zeros((3 * rate, 1), np.float32)
    for begin in (0.5, 1.5):
        for sound, time in ((stir, begin), (tick, begin + 0.42)):
            first = round(time * rate)
            waveform[first : first + len(sound), 0] += sound
    attacks = [take.attack / rate for take in prepare([Sound(waveform, rate)]).takes]
    assert len(attacks) == 2
    np.testing.assert_allclose(attacks, [0.92, 1.92], atol=0.02)
