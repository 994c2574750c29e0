"""Synthetic clips: their truth must agree with what is heard and seen."""

import json

import numpy as np
import pytest
import soundfile

from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.audio.reading import load_audio
from vsg_tf.data.synthetic import arrangement, timing
from vsg_tf.data.synthetic.bank import Bank, Piece, collect, load_bank, read_piece
from vsg_tf.data.synthetic.clip import make_clip
from vsg_tf.data.synthetic.clip_files import render_demo, write_clip
from vsg_tf.data.synthetic.procedural import KINDS, ProceduralTimbre, render_strike, room_noise
from vsg_tf.data.synthetic.scenes import FAMILIES, render_scene
from vsg_tf.data.synthetic.sources import (
    PRE_ROLL,
    Recording,
    cut_events,
    find_recordings,
    is_validation,
)
from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.frontends.motion.layout import CELL_QUANTITIES
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip

RATE = 22050
BASE = TimeBase()
SECONDS = 3.0


def _clip(seed, bank=None, sources=(), **options):
    return make_clip(
        seed,
        bank or Bank(),
        list(sources),
        [],
        duration=SECONDS,
        timebase=TimeBase(),
        size=(96, 64),
        **options,
    )


def _marked_bank() -> Bank:
    """Two sources that a spectrum tells apart: 500 Hz and 3 kHz."""
    count = round(0.2 * RATE)
    fade = np.exp(-np.arange(count) / (0.05 * RATE))
    lead = np.zeros(round(PRE_ROLL * RATE))
    bank = Bank()
    for name, frequency in (("a/low", 500), ("a/high", 3000)):
        tone = np.sin(2 * np.pi * frequency * np.arange(count) / RATE) * fade
        bank.events[name] = [(np.concatenate([lead, tone]) * 30000).astype(np.int16)] * 3
    return bank


def _excess_acceleration(frames, duration, onsets) -> float:
    """Acceleration near the onsets above that elsewhere, in standard deviations of the clip."""
    features = MotionFrontEnd(TimeBase()).extract_frames(frames, duration)
    cells = features[:, :272].reshape(len(features), 16, 17)
    accelerations = cells[:, :, CELL_QUANTITIES.index("acceleration")].max(1)
    times = TimeBase().feature_times(len(features))
    near = np.abs(times[:, None] - np.asarray(onsets)).min(1) < 0.1
    return float(accelerations[near].mean() - accelerations[~near].mean())


def test_clip_is_a_function_of_its_seed():
    first, again, other = _clip(3), _clip(3), _clip(11)
    assert np.array_equal(first.film.frames, again.film.frames)
    assert np.array_equal(first.waveform, again.waveform)
    assert np.array_equal(first.alternate, again.alternate)
    assert first.truth == again.truth
    assert first.truth["audio_onsets_s"] != other.truth["audio_onsets_s"]


@pytest.mark.parametrize("seed", range(4))
def test_onsets_in_the_truth_are_heard(seed):
    clip = _clip(seed)
    heard, _, _ = events_from_audio(clip.clean, TimeBase())
    loud = clip.events.times[clip.events.strengths > 0.6]
    found = [np.abs(heard - time).min(initial=9) < 0.04 for time in loud]
    assert np.mean(found) >= 0.8


def test_sound_lags_the_picture_by_the_lag_of_the_truth():
    truths = [_clip(seed).truth for seed in range(6)]
    for truth in truths:
        lag = np.subtract(truth["audio_onsets_s"], truth["visual_onsets_s"])
        np.testing.assert_allclose(lag, truth["lag_s"], atol=2e-4)
        assert 0 <= truth["lag_s"] <= 0.12
    assert len({truth["lag_s"] for truth in truths}) > 1


def test_strengths_are_levels():
    rng = np.random.default_rng(0)
    take = np.pad(render_strike("wood", rng, RATE), (round(PRE_ROLL * RATE), 0))
    strengths = np.array([1.0, 0.5])
    waveform, events = arrangement.arrange(
        [take], np.array([0.5, 1.5]), strengths, arrangement.Treatment(0.0, ()), 2.5, RATE, rng
    )
    peaks = [np.abs(waveform[round(t * RATE) :][: RATE // 2]).max() for t in events.times]
    assert 20 * np.log10(peaks[0] / peaks[1]) == pytest.approx(15, abs=0.1)  # half of 30 dB


def test_one_clip_has_one_timbre_and_so_has_its_alternate():
    for seed in range(4):
        clip = _clip(seed, _marked_bank(), ["a/low", "a/high"])
        pitch = 2 ** (clip.truth["semitones"] / 12) * (500 if clip.source == "a/low" else 3000)
        other = 2 ** (clip.truth["semitones"] / 12) * (3000 if clip.source == "a/low" else 500)
        for sound in (clip.clean, clip.alternate):
            power = np.abs(np.fft.rfft(sound)) ** 2
            frequency = np.fft.rfftfreq(len(sound), 1 / RATE)

            def near(centre, power=power, frequency=frequency):
                return power[np.abs(frequency - centre) < 0.1 * centre].sum()

            assert near(pitch) > near(other)
        assert clip.truth["audio_onsets_s"] != clip.truth["alternate_onsets_s"]


def test_background_has_the_snr_asked_for():
    rng = np.random.default_rng(1)
    clean = np.zeros(RATE, np.float32)
    clean[:4000] = rng.standard_normal(4000) * 0.2
    for snr in (0.0, 20.0):
        mixture, at_level = arrangement.add_background(clean, room_noise(rng, RATE), snr)
        noise = mixture - at_level
        assert 10 * np.log10(np.mean(at_level**2) / np.mean(noise**2)) == pytest.approx(snr, 0.01)
        assert np.abs(mixture).max() <= 1 + 1e-6


def test_background_is_there_where_the_truth_says_so():
    kinds = set()
    for seed in range(6, 14):
        clip = _clip(seed)
        has = clip.truth["background"] is not None
        assert has == bool(np.abs(clip.waveform - clip.clean).max() > 1e-4)
        kinds.add((has, clip.truth["alternate_background"] is not None))
    assert len(kinds) > 2  # target and alternate vary independently


@pytest.mark.parametrize("family", FAMILIES)
def test_motion_accelerates_at_the_events(family):
    onsets = np.array([0.9, 1.7, 2.4])
    events = EventTrack(onsets, np.ones(3), np.full(3, 0.2))
    excess = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        frames = render_scene(family, events, SECONDS, rng, 96, 64, 25.0, clean=True)
        excess.append(_excess_acceleration(frames, SECONDS, onsets))
    assert np.median(excess) > 0.2  # about 0 without events


def test_scene_sizes_and_colour():
    events = EventTrack(np.array([0.2]), np.ones(1), np.ones(1))
    rng = np.random.default_rng(0)
    frames = list(render_scene("strike", events, 0.4, rng, 48, 32, 10.0, colour=True))
    assert [time for time, _ in frames] == pytest.approx([0, 0.1, 0.2, 0.3])
    assert frames[0][1].shape == (32, 48, 3) and frames[0][1].dtype == np.uint8


def test_event_times_keep_their_distance():
    for seed in range(30):
        times = timing.draw_times(np.random.default_rng(seed), 6.0, min_gap=0.3)
        assert len(times) and 0.2 <= times[0] and times[-1] < 5.9
        assert np.diff(times).min(initial=1.0) >= 0.3 - 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_strikes_begin_at_once_and_are_alike(kind):
    timbre = ProceduralTimbre(kind, np.random.default_rng(2))
    first, second = (timbre.strike(np.random.default_rng(s), RATE) for s in (0, 1))
    assert np.abs(first[: RATE // 50]).max() > 0.1
    assert np.abs(first).max() == pytest.approx(0.9)
    assert len(first) != len(second) or not np.array_equal(first, second)


def _recorded_bank() -> Bank:
    """A source whose recording has strikes at 0.3, 1.1, 1.9 ... s, and its cuts."""
    waveform = np.zeros(round(12 * RATE), np.float32)
    for i, time in enumerate(np.arange(0.3, 11.5, 0.8)):
        strike = render_strike("wood", np.random.default_rng(i), RATE)[: RATE // 2]
        waveform[round(time * RATE) :][: len(strike)] += strike
    bank = Bank()
    bank.recordings["a/wood"] = [(waveform * 30000).astype(np.int16)]
    bank.events["a/wood"] = [(cut * 30000).astype(np.int16) for cut in cut_events(waveform, BASE)]
    return bank


def test_plain_crops_are_of_the_recording_and_their_events_are_heard_in_it():
    bank = _recorded_bank()
    clips = [_clip(seed, bank, ["a/wood"]) for seed in range(30)]
    plain = [clip for clip in clips if clip.truth["sound"] == "plain"]
    assert 2 <= len(plain) <= 12
    for clip in plain:
        speed = 2 ** (clip.truth["semitones"] / 12)
        np.testing.assert_allclose(np.diff(clip.events.times) * speed, 0.8, atol=0.03)
        assert clip.truth["audio_onsets_s"] != clip.truth["alternate_onsets_s"]


def test_loops_repeat_in_sound_picture_and_truth():
    clips = (_clip(seed) for seed in range(60))
    clip = next(clip for clip in clips if clip.truth["loop_s"] is not None)
    lap = clip.truth["loop_s"]
    samples = round(lap * RATE)
    later = clip.clean[samples : 2 * samples]
    assert np.corrcoef(clip.clean[: len(later)], later)[0, 1] > 0.99
    first = clip.events.times[clip.events.times < lap]
    second = clip.events.times[len(first) : 2 * len(first)] - lap
    np.testing.assert_allclose(second, first[: len(second)], atol=1e-3)
    film = clip.film
    moved = np.abs(np.diff(film.frames.astype(float), axis=0)).mean(axis=(1, 2))
    periods = (
        moved[film.times[1:] < lap],
        moved[(film.times[1:] > lap) & (film.times[1:] < 2 * lap)],
    )
    count = min(map(len, periods)) - 1
    spreads = [np.std(part[:count]) for part in periods]
    assert 0.5 < spreads[0] / spreads[1] < 2  # the same things move


def test_cutting_finds_each_sound_and_levels_it():
    waveform = np.zeros(3 * RATE, np.float32)
    for i, (time, gain) in enumerate(((0.3, 1.0), (1.2, 0.5), (2.1, 0.8))):
        strike = render_strike("wood", np.random.default_rng(i), RATE)[: RATE // 2]
        start = round(time * RATE)
        waveform[start : start + len(strike)] += gain * strike
    cuts = cut_events(waveform, TimeBase())
    assert len(cuts) == 3
    for cut in cuts:
        assert np.abs(cut).max() == pytest.approx(0.9)
        before, after = cut[: round(0.012 * RATE)], cut[: round(0.05 * RATE)]
        assert np.abs(before).max() < 0.1 < np.abs(after).max()
    assert cut_events(np.zeros(RATE, np.float32), TimeBase()) == []


def test_families_and_splits(tmp_path):
    names = ["bark/1-22694-A.opus", "bark/1-22694-B.opus", "hit/metal_01.opus", "hit/metal_02.opus"]
    recordings = [Recording(tmp_path / n, f"data/{n}") for n in names]
    families = [r.family for r in recordings]
    assert families == ["data/bark/22694"] * 2 + ["data/hit/metal"] * 2
    assert is_validation(recordings, "metal_02", 0.0) == {"data/hit/metal"}
    assert is_validation(recordings, None, 1.0) == set(families)
    with pytest.raises(InputError, match="no folder"):
        find_recordings([tmp_path / "none"])


def test_bank_keeps_what_it_was_given_and_names_bad_files(tmp_path):
    good, bad = tmp_path / "s" / "tap1.wav", tmp_path / "s" / "bad.wav"
    good.parent.mkdir()
    soundfile.write(good, render_strike("wood", np.random.default_rng(0), RATE), RATE)
    bad.write_bytes(b"RIFF nothing")
    pieces = [Piece(r, TimeBase(), "events") for r in find_recordings([tmp_path / "s"])]
    with pytest.raises(InputError):
        read_piece(pieces[0])
    bank = collect(pieces, ["cannot be read", read_piece(pieces[1])])
    bank.save(tmp_path / "bank.npz", "key")
    loaded, key = load_bank(tmp_path / "bank.npz")
    assert key == "key" and loaded.failures == {"s/bad.wav": "cannot be read"}
    np.testing.assert_array_equal(loaded.events["s/tap"][0], bank.events["s/tap"][0])


def test_clip_files_hold_picture_and_sound(tmp_path):
    clip = _clip(0)
    video = write_clip(tmp_path, clip, RATE)
    with Clip.open(video) as written:
        assert len(written.tracks) == 1
        assert len(list(written.frames(96, 64))) == len(clip.film.frames)
    sound = load_audio(video, RATE)[: len(clip.waveform)]
    assert np.corrcoef(sound, clip.waveform[: len(sound)])[0, 1] > 0.8
    assert json.loads(video.with_suffix(".json").read_text())["source"] == clip.source


def test_demo_material(tmp_path):
    paths = render_demo(tmp_path)
    truth = json.loads(paths["truth"].read_text())
    with Clip.open(paths["video"]) as clip:
        assert (clip.width, clip.height, clip.tracks) == (480, 320, ())
        assert clip.duration_s == pytest.approx(truth["duration_s"], abs=0.1)
        frames = list(clip.frames(96, 64))
    for name in ("reference", "guide"):
        heard, _, _ = events_from_audio(load_audio(paths[name], RATE), TimeBase())
        for onset in truth[f"{name}_onsets_s"]:
            assert np.abs(heard - onset).min() < 0.04
    assert _excess_acceleration(frames, truth["duration_s"], truth["visual_onsets_s"]) > 0.5
