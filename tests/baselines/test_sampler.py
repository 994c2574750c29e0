"""Takes are the reference's events; they land where the picture moves."""

import json

import numpy as np
import pytest

from tests.media_writing import hits, write_video
from vsg_tf.audio.onsets import events_from_audio
from vsg_tf.baselines.sampler import Sampler, cut_takes, motion_events, paste
from vsg_tf.events import EventTrack
from vsg_tf.frontends.motion.layout import GLOBAL_QUANTITIES
from vsg_tf.timebase import TimeBase

RATE = 22050
TIMEBASE = TimeBase()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from vsg_tf.data.synthetic.clip_files import render_demo

    return render_demo(tmp_path_factory.mktemp("demo"))


def _track(*times, strengths=None):
    count = len(times)
    levels = np.ones(count) if strengths is None else np.array(strengths)
    return EventTrack(np.array(times), levels, np.full(count, 0.2))


def test_takes_are_the_loudest_events_and_begin_with_them():
    waveform = np.concatenate([0.3 * hits(times=(0.2,)), hits(times=(0.1, 0.6))])
    takes = cut_takes(waveform.astype(np.float32), TIMEBASE)
    assert len(takes) == 3
    for take in takes:
        assert np.abs(take).max() == pytest.approx(1)
        assert np.argmax(np.abs(take) > 0.2) == pytest.approx(0.015 * RATE, abs=0.006 * RATE)
    original = waveform[round(1.1 * RATE) : round(1.15 * RATE)]
    louder = takes[0][round(0.015 * RATE) :][: len(original)]
    likeness = [np.abs(np.correlate(original, x, "same")).max() for x in (louder, louder[::-1])]
    assert likeness[0] > 2 * likeness[1]


@pytest.mark.parametrize("kind", ["noise", "click", "short"])
def test_a_reference_without_onsets_gives_one_take(kind):
    noise = np.random.default_rng(0).normal(size=3 * RATE).astype(np.float32) * 0.1
    click = np.zeros(RATE, np.float32)
    click[0] = 1.0
    waveform = {"noise": noise, "click": click, "short": noise[:1200]}[kind]
    takes = cut_takes(waveform, TIMEBASE)
    assert takes and all(np.isfinite(take).all() and take.any() for take in takes)
    assert max(map(len, takes)) <= 1.6 * RATE


def test_events_land_at_their_times_and_levels():
    takes = cut_takes(hits(times=(0.3,)).astype(np.float32), TIMEBASE)
    sound = paste(takes, _track(0.0, 0.5, 1.2, strengths=(1, 1, 1 / 3)), 2 * RATE, RATE)
    times = events_from_audio(sound, TIMEBASE)[0]
    np.testing.assert_allclose(times, [0.0, 0.5, 1.2], atol=0.02)
    peaks = [np.abs(sound[round(t * RATE) :][: RATE // 5]).max() for t in (0.0, 0.5, 1.2)]
    assert peaks[1] == pytest.approx(peaks[0], rel=1e-3)
    assert 20 * np.log10(peaks[2] / peaks[1]) == pytest.approx(-20, abs=0.1)
    assert not sound[round(0.35 * RATE) : round(0.48 * RATE)].any()


def test_events_beyond_the_end_and_no_events():
    takes = [np.ones(1000, np.float32)]
    assert paste(takes, _track(5.0), RATE, RATE).shape == (RATE,)
    assert not paste(takes, EventTrack.empty(), RATE, RATE).any()


def test_takes_vary_by_seed_and_do_not_repeat():
    takes = [np.full(600, level, np.float32) for level in (0.1, 0.2, 0.3)]
    events = _track(*np.arange(1, 9) * 0.1)
    played = [paste(takes, events, RATE, RATE, seed)[:: RATE // 10] for seed in (0, 0, 1)]
    assert np.isin(played[0][1:9], np.array([0.1, 0.2, 0.3], np.float32)).all()
    assert np.array_equal(played[0], played[1]) and not np.array_equal(played[0], played[2])
    assert (np.diff(played[0][1:9]) != 0).all()


def test_a_rendered_clip_sounds_where_it_strikes(demo):
    seen = np.array(json.loads(demo["truth"].read_text(encoding="utf-8"))["visual_onsets_s"])
    sampler = Sampler()
    sound = sampler(demo["video"], demo["reference"])
    assert sound.dtype == np.float32 and len(sound) == 6 * RATE
    heard = events_from_audio(sound, TIMEBASE)[0]
    nearest = np.abs(heard[:, None] - seen).min(axis=0)
    assert np.median(nearest) < 0.1
    told = sampler(demo["video"], demo["reference"], events=_track(*seen))
    found = events_from_audio(told, TIMEBASE)[0]
    assert np.abs(found[:, None] - seen).min(axis=0).max() < 0.05
    assert np.array_equal(sound, sampler(demo["video"], demo["reference"]))


def test_a_still_picture_stays_silent(tmp_path, demo):
    video = tmp_path / "still.mkv"
    write_video(video, moving=False, codec="ffv1")  # lossless: no codec moves anything
    assert not Sampler()(video, demo["reference"]).any()


def test_motion_events_are_peaks():
    features = np.zeros((100, 282), np.float32)
    channels = [GLOBAL_QUANTITIES.index(n) - 10 for n in ("top_acceleration", "top_difference")]
    features[np.ix_([20, 21, 60], channels)] = np.array([[3.0], [6.0], [4.0]])
    track = motion_events(features, TIMEBASE)
    times = TIMEBASE.feature_times(100)
    np.testing.assert_allclose(track.times, times[[21, 60]])
    assert track.strengths[0] == 1 and 1 / 3 < track.strengths[1] < 1
