"""Whatever is given as a reference, something sensible comes out of it."""

import numpy as np
import pytest

from tests.grains.sounds import RATE, play
from vsg_tf.audio.reading import Sound
from vsg_tf.grains.kinds import Kind
from vsg_tf.grains.material import prepare
from vsg_tf.timing.timing import LevelCurve

RNG = np.random.default_rng(0)
AT = np.arange(2 * RATE) / RATE
TICK = 0.3 * RNG.normal(size=RATE // 20) * np.exp(-np.arange(RATE // 20) / 300)


def _click(seconds, at):
    wave = np.zeros(round(seconds * RATE))
    wave[round(at * RATE)] = 0.5
    return wave


RECORDINGS = {
    "60 ms of noise": 0.1 * RNG.normal(size=RATE * 6 // 100),
    "one click": _click(0.8, 0.4),
    "silence with one sample": _click(3.0, 2.0),
    "a pure tone": 0.5 * np.sin(2 * np.pi * 440 * AT),
    "a short tone": 0.5 * np.sin(2 * np.pi * 440 * AT[: RATE // 10]),
    "clipped": np.clip(5 * RNG.normal(size=2 * RATE), -1, 1),
    "a square": np.sign(np.sin(2 * np.pi * 200 * AT)),
    "every part alike": np.tile(np.concatenate([TICK, np.zeros(RATE // 4)]), 8),
    "an impulse train": np.tile(np.concatenate([[1.0], np.zeros(440)]), 200),
    "an offset": 0.4 + 0.1 * np.sin(2 * np.pi * 100 * AT) * np.exp(-5 * AT),
}


@pytest.fixture(scope="module", params=RECORDINGS)
def material(request):
    return prepare([Sound(RECORDINGS[request.param].astype(np.float32)[:, None], RATE)])


@pytest.mark.parametrize("duration", [np.nan, 0.05, 1.5])
@pytest.mark.parametrize("guided", [False, True])
def test_events_are_heard_and_levels_are_right(material, duration, guided):
    level = None
    if guided:
        level = LevelCurve(100.0, np.linspace(-40, 0, 300), np.linspace(0, 1, 300))
    times = [0.0, 0.3, 1.0, 1.0, 2.9]
    made, _ = play(material, times, [1, 0.5, 0, 1, 0.3], [duration] * 5, seconds=3.0, level=level)
    assert np.isfinite(made).all() and len(made) == 3 * RATE
    assert 0.02 < np.abs(made).max() < 1.5
    assert abs(made.mean(dtype=np.float64)) < 0.01


def test_a_tone_is_held_without_a_seam():
    wave = RECORDINGS["a pure tone"].astype(np.float32)[:, None]
    material = prepare([Sound(wave, RATE)])
    assert material.takes[0].kind is Kind.LASTING
    made, _ = play(material, [0.2], durations=[6.0], seconds=6.5)
    part = made[RATE : 5 * RATE, 0]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
    near = np.abs(np.arange(len(spectrum)) / 4 - 440) < 5
    assert spectrum[near].sum() > 0.999 * spectrum.sum()


def test_takes_that_are_all_alike_still_vary():
    wave = RECORDINGS["every part alike"].astype(np.float32)[:, None]
    material = prepare([Sound(wave, RATE)])
    assert len(material.takes) == 8
    _, made = play(material, np.arange(0.2, 2.8, 0.3))
    assert len(set(made.events.pitches)) > 4
