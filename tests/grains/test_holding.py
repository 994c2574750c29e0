"""Sounds that last fill their events: level, pitch, no loop, no click."""

import numpy as np
import pytest

from tests.grains.sounds import RATE, cry, engine, play, rain
from vsg_tf.audio.levels import rms_db
from vsg_tf.audio.reading import Sound
from vsg_tf.events import EventTrack
from vsg_tf.grains.levels import level_curve
from vsg_tf.grains.material import prepare
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import perform
from vsg_tf.timing.timing import LevelCurve, Timing


def _noise(seconds, seed=5):
    rng = np.random.default_rng(seed)
    at = np.arange(round(seconds * RATE))
    slow = np.interp(at, np.arange(99) * RATE / 8, rng.normal(size=99))
    wave = 0.1 * rng.normal(size=len(slow)) * 10 ** (slow / 20)
    return Sound(wave.astype(np.float32)[:, None], RATE)


@pytest.fixture(scope="module")
def steady():
    return prepare([_noise(2.0)])


def _envelope_peak(waveform):
    """Highest autocorrelation of the envelope between 0.1 and 5 s."""
    count = len(waveform) // 220
    envelope = np.sqrt(np.square(waveform[: count * 220, 0]).reshape(count, 220).mean(axis=1))
    envelope -= envelope.mean()
    spectrum = np.abs(np.fft.rfft(envelope, 2 * count)) ** 2
    match = np.fft.irfft(spectrum)[:count]
    return (match / match[0])[20 : min(1000, count - 1)].max()


def test_an_event_of_8_s_gives_8_s_at_the_recordings_level(steady):
    made, _ = play(steady, [0.5], durations=[8.0], seconds=10.0)
    level = level_curve(made, RATE, 0.4)[:: round(0.5 / 0.005)]
    inside = level[2:17]
    recorded = level_curve(_noise(2.0).waveform, RATE, 0.4) + steady.gain_db
    assert np.abs(inside - recorded.mean()).max() < 2.5
    assert not made[: round(0.49 * RATE)].any() and not made[round(8.51 * RATE) :].any()


def test_no_loop_is_heard(steady):
    made, _ = play(steady, [0.5], durations=[8.0], seconds=9.0)
    part = made[round(0.7 * RATE) : round(8.3 * RATE)]
    assert _envelope_peak(part) <= _envelope_peak(_noise(2.0).waveform) + 0.05


def test_the_whole_recording_is_used():
    _, made = play(prepare([_noise(4.0)]), [0.0], durations=[12.0], seconds=12.0)
    heard = np.zeros(400, bool)
    for stretch in made._sounds[0]._stretches:
        first = stretch.source * 100 // RATE
        heard[first : first + stretch.count * 100 // RATE + 1] = True
    assert heard.mean() > 0.85


def test_pitch_and_phase_are_kept_at_joints():
    sound = engine(2.0)
    made, _ = play(prepare([sound]), [0.2], durations=[6.0], seconds=6.5)
    part = made[round(0.5 * RATE) : round(6.0 * RATE), 0]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    hertz = np.arange(len(spectrum)) * RATE / len(part)
    near = np.minimum(hertz % 90, 90 - hertz % 90) < 3
    low = hertz < 2000
    assert np.sum(spectrum[low & near] ** 2) > 0.97 * np.sum(spectrum[low] ** 2)
    level = level_curve(part[:, None], RATE, 0.05)[20:-20]
    assert np.ptp(level) < 2


def test_a_cry_is_held_with_its_own_beginning_and_end():
    sound = cry(0.5)
    material = prepare([sound])
    made, _ = play(material, [0.5], durations=[4.0], seconds=5.0)
    level = level_curve(made, RATE, 0.03)
    loud = 0.005 * np.sum(level > level.max() - 10)
    assert 3.6 < loud < 4.2
    assert level[round(4.7 / 0.005)] < level.max() - 40
    own, _ = play(material, [0.5], seconds=5.0)
    assert 0.3 < 0.005 * np.sum(level_curve(own, RATE, 0.03) > level.max() - 10) < 0.6


def test_two_events_are_two_sounds(steady):
    made, _ = play(steady, [0.5, 2.5], [1.0, 0.5], [1.0, 1.0])
    level = level_curve(made, RATE, 0.1)
    assert level[round(1.0 / 0.005)] - level[round(3.0 / 0.005)] == pytest.approx(15, abs=2)
    assert not made[round(1.6 * RATE) : round(2.4 * RATE)].any()


def test_loudness_follows_a_performed_level():
    material = prepare([_noise(4.0)])
    times = np.arange(600) / 100
    wanted = np.where(times < 3, -30 + 10 * times, -18.0)
    timing = Timing(6.0, EventTrack.empty(), LevelCurve(100.0, wanted - wanted.max()))
    made = np.concatenate(list(perform(material, timing).blocks()))
    level = level_curve(made, RATE, 0.1)[:1200:2][20:-20]
    error = level - wanted[: len(made) // 441][20 : 20 + len(level)]
    assert np.std(error) < 1.5
    still = np.concatenate(list(perform(material, timing, GrainOptions(follow=0)).blocks()))
    assert not still.any()  # an empty list that was given is silence


def test_brightness_of_a_guide_chooses_among_moments():
    sound = rain(4.0)
    material = prepare([sound])
    times = np.arange(0, 8, 0.01)
    wanted = 0.5 + 0.5 * np.sin(2 * np.pi * times / 4)
    curve = LevelCurve(100.0, np.zeros(len(times)), wanted)
    made = np.concatenate(list(perform(material, Timing(8.0, EventTrack.empty(), curve)).blocks()))
    frames = made[: RATE * 8 // 4410 * 4410, 0].reshape(-1, 4410) * np.hanning(4410)
    found = np.abs(np.fft.rfft(frames, axis=1)).argmax(axis=1)
    at = wanted[np.arange(len(found)) * 10 + 5]
    ranks = [np.argsort(np.argsort(values)) for values in (found, at)]
    assert np.corrcoef(*ranks)[0, 1] > 0.6


def test_a_still_picture_hears_what_lasts_throughout(steady):
    def played(estimated):
        timing = Timing(3.0, EventTrack.empty(), estimated=estimated)
        return np.concatenate(list(perform(steady, timing).blocks()))

    assert rms_db(played(True)[RATE : 2 * RATE]) > -40
    assert not played(False).any()
