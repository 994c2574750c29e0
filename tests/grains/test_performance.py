"""The same again for the same seed, any part of it, at one level, and without clicks."""

import numpy as np
import pytest
from scipy.signal import fftconvolve

from tests.grains.sounds import RATE, bursts, cry, engine, hits, play, rain, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.audio.reading import Sound
from vsg_tf.audio.true_peak import true_peak_db
from vsg_tf.events import EventTrack
from vsg_tf.grains.material import Material, prepare
from vsg_tf.grains.options import GrainOptions
from vsg_tf.grains.performance import BLOCK, perform
from vsg_tf.timing.timing import Timing

SOUNDS = {
    "strikes": strikes(noise=0.003, channels=2),
    "hits": hits(),
    "rain": rain(),
    "engine": engine(),
    "cry": cry(),
    "bursts": bursts(),
}


@pytest.fixture(scope="module", params=SOUNDS)
def material(request):
    return prepare([SOUNDS[request.param]])


TIMES, LENGTHS = [0.3, 0.9, 1.6, 2.2], [0.5, np.nan, 0.9, 1.5]


def test_same_seed_same_samples_and_any_part_alike(material):
    options = GrainOptions(background=0.5, seed=3)
    whole, made = play(material, TIMES, durations=LENGTHS, options=options)
    again, _ = play(material, TIMES, durations=LENGTHS, options=options)
    np.testing.assert_array_equal(whole, again)
    assert whole.dtype == np.float32 and len(whole) == 4 * RATE == made.samples
    for first, stop in ((BLOCK, 3 * BLOCK), (12_345, 100_000)):
        part = np.concatenate(list(made.blocks(first, stop)))
        np.testing.assert_allclose(part, whole[first:stop], atol=1e-6)


def test_what_was_played_can_be_played_again(material):
    whole, made = play(material, TIMES, [1, 0.5, 0.8, 0.2], LENGTHS, options=GrainOptions(seed=5))
    again = perform(material, Timing(4.0, made.events), GrainOptions(seed=5))
    np.testing.assert_array_equal(np.concatenate(list(again.blocks())), whole)


def test_the_runs_of_all_events_add_up_to_the_sound(material):
    options = GrainOptions(background=0.0, seed=3)
    times = [0.0, *TIMES, 3.9]
    whole, made = play(material, times, durations=[0.2, *LENGTHS, 2.0], options=options)
    for handle_s in (0.0, 0.5):
        runs = list(made.runs(handle_s))
        assert [run.start for run in runs] == sorted(run.start for run in runs)
        assert {run.event for run in runs} == set(range(len(made.events)))
        total = np.zeros_like(whole)
        for run in runs:
            heard = run.part.heard()
            assert heard.dtype == np.float32
            attack = made.events.times[run.event] * made.sample_rate
            assert run.start <= attack + 1 < run.start + len(heard)
            assert max(run.part.before, run.part.after) <= handle_s * made.sample_rate
            total[run.start : run.start + len(heard)] += heard
        np.testing.assert_allclose(total, whole, atol=2e-6)


@pytest.mark.parametrize("name", ["strikes", "hits", "bursts"])
def test_single_sounds_have_handles_that_go_on_as_the_recording(name):
    """With its pitch as recorded, a sound and its handles are one stretch of the recording."""
    material = prepare([SOUNDS[name]])
    lengths = [0.1, 0.1, np.nan, 0.1]
    _, made = play(material, TIMES, durations=lengths, options=GrainOptions(variation=0.0))
    runs = [run for run in made.runs(0.2) if run.part.before and run.part.after]
    assert runs
    for run in runs:
        waveform = run.part.waveform[:, 0].astype(np.float64)
        if run.part.fade_out < run.part.after:  # else its own end is faded under the next sound
            waveform = waveform[: -run.part.after]
        recording = material.clean[:, 0].astype(np.float64)
        at = int(np.argmax(np.abs(fftconvolve(recording, waveform[::-1], "valid"))))
        source = recording[at : at + len(waveform)]
        share = source @ waveform / (source @ source)
        scale = np.abs(waveform).max()
        near = np.abs(share * source - waveform) < 1e-3 * scale
        assert near.mean() > 0.9


def test_what_lasts_too_long_is_no_run(material, monkeypatch):
    monkeypatch.setattr("vsg_tf.grains.performance.LONGEST_RUN", 0.01)
    _, made = play(material, TIMES, durations=LENGTHS)
    assert list(made.runs()) == []


def test_arrays_hold_everything(material):
    arrays = material.to_arrays()
    assert all(values.dtype != object for values in arrays.values())
    copy = Material.from_arrays(arrays)
    options = GrainOptions(background=1.0)
    np.testing.assert_array_equal(
        play(copy, TIMES, options=options)[0], play(material, TIMES, options=options)[0]
    )


def test_begins_and_ends_at_zero(material):
    made, _ = play(material, [0.0, 3.5], durations=[0.2, 3.0], options=GrainOptions(background=1.0))
    assert not made[0].any() and not made[-1].any()
    assert abs(made.mean(axis=0, dtype=np.float64)).max() < 1e-3


@pytest.mark.parametrize("name", SOUNDS)
def test_one_strong_event_peaks_at_minus_one(name):
    scaled = Sound(SOUNDS[name].waveform * np.float32(0.1), RATE)
    for sound in (SOUNDS[name], scaled):
        made, _ = play(prepare([sound]), [0.5], durations=[2.0])
        top = true_peak_db(made)
        assert -3.5 < top <= -0.7 if name in ("rain", "engine") else abs(top + 1) < 0.3


def test_steps_are_no_larger_than_the_recordings(material):
    """A click is a step that neighbouring samples do not have."""
    made, _ = play(material, TIMES, durations=LENGTHS)

    def steps(waveform):
        second = np.abs(np.diff(waveform, n=2, axis=0)).max(axis=1)
        around = np.sqrt(np.convolve(np.square(second), np.ones(64) / 64, "same")) + 1e-4
        return (second / around).max()

    own = steps(material.clean * 10 ** (material.gain_db / 20))
    assert steps(made) < max(1.3 * own, 6)


def test_background_is_a_control():
    material = prepare([SOUNDS["strikes"]])
    between = slice(round(2.4 * RATE), round(2.7 * RATE))
    levels = [
        rms_db(play(material, [0.5, 1.7, 2.9], options=GrainOptions(background=amount))[0][between])
        for amount in (0.0, 0.5, 1.0)
    ]
    recorded = SOUNDS["strikes"].waveform[round(2.1 * RATE) : round(2.4 * RATE)]
    assert levels[0] + 50 < levels[2] and levels[0] < levels[1] < levels[2] - 10
    assert levels[2] == pytest.approx(rms_db(recorded) + material.gain_db, abs=2)


def test_an_event_moved_moves_its_sound_and_nothing_else():
    material = prepare([hits()])
    before, one = play(material, [0.5, 1.7, 2.9])
    after, other = play(material, [0.5, 1.9, 2.9])
    np.testing.assert_array_equal(one.events.takes, other.events.takes)
    np.testing.assert_array_equal(before[: round(1.5 * RATE)], after[: round(1.5 * RATE)])
    moved = round(0.2 * RATE)
    part = slice(round(1.6 * RATE), round(2.5 * RATE))
    np.testing.assert_allclose(after[moved:][part], before[part], atol=1e-6)


def test_blocks_come_one_by_one_in_a_long_clip():
    material = prepare([engine()])
    track = EventTrack(np.zeros(1), np.ones(1), np.array([1800.0]))
    made = perform(material, Timing(1800.0, track))
    blocks = made.blocks()
    first = next(blocks)
    assert len(first) == BLOCK and made.samples == 1800 * RATE
    sound = made._sounds[0]
    assert len(sound._stretches) < 10  # no more is planned than is played
    later = next(made.blocks(1000 * RATE))
    assert np.abs(later).max() > 0.1


def test_no_events_no_sound():
    assert not play(prepare([hits()]), [])[0].any()
