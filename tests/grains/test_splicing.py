"""Paths read on, jump at events into attacks, and copies follow level."""

import numpy as np
import pytest

from tests.grains.sounds import RATE, material_of, rain, strikes
from vsg_tf.audio.levels import rms_db
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import Sound
from vsg_tf.config import Config
from vsg_tf.events import EventTrack
from vsg_tf.grains.levels import mel_level, to_samples
from vsg_tf.grains.path import BLOCK, find_path
from vsg_tf.grains.splicing import Splice
from vsg_tf.grains.timeline import Timeline
from vsg_tf.timebase import TimeBase

BASE = TimeBase()


def test_path_follows_what_is_wanted():
    recorded = np.random.default_rng(0).uniform(0, 100, (200, 20))
    wanted = np.concatenate([recorded[30:90], recorded[130:190], recorded[0:40]])
    path = find_path(wanted, np.zeros(0, int), recorded, np.zeros(0, int))
    np.testing.assert_array_equal(path, [*range(30, 90), *range(130, 190), *range(40)])


def test_path_reads_on_where_nothing_is_better_elsewhere():
    recorded = np.full((2000, 20), 50.0)
    wanted = np.full((3 * BLOCK, 20), 50.0)
    path = find_path(wanted, np.zeros(0, int), recorded, np.zeros(0, int))
    np.testing.assert_array_equal(np.diff(path), 1)


def test_events_jump_into_attacks_and_other_moments_stay_away_from_them():
    recorded = np.full((400, 20), 50.0)
    attacks, events = np.array([100, 250]), np.array([60, 200, 330])
    path = find_path(np.full((400, 20), 50.0), events, recorded, attacks)
    assert set(path[events]) <= set(attacks)
    others = np.delete(np.arange(400), events)
    assert not set(path[others]) & set(attacks)


def _render(splice, seconds):
    timeline = Timeline(1)
    for run in splice.runs():
        timeline.add(run.start, run.waveform)
    return timeline.pull(round(seconds * RATE))[:, 0]


def test_the_recordings_own_mel_gives_the_recording():
    sound = rain()
    material = material_of(sound)
    splice = Splice(material, EventTrack.empty(), iter([material.mel[20:320]]))
    made = _render(splice, 3.3)[RATE // 10 :]
    first = 20 * round(RATE / BASE.mel_rate) + RATE // 10
    np.testing.assert_allclose(made, sound.waveform[first : first + len(made), 0], atol=1e-5)
    assert np.abs(splice.gain[10:290]).max() < 0.1


@pytest.mark.parametrize("level", [0.0, 0.3])
def test_gain_follows_level_down_to_silence(level):
    material = material_of(rain())
    splice = Splice(material, EventTrack.empty(), iter([np.full((320, 80), level, np.float32)]))
    gain = np.median(splice.gain)
    expected = np.median(100 * level - 80 - material.level)
    assert gain == pytest.approx(max(expected, -80), abs=3)


def test_joints_keep_the_level():
    material = material_of(rain())
    mel = np.concatenate([material.mel[40:140], material.mel[200:300], material.mel[20:120]])
    splice = Splice(material, EventTrack.empty(), iter([mel]))
    made = _render(splice, 3.4)
    levels = [rms_db(part) for part in np.array_split(made[RATE // 10 :], 60)]
    assert np.ptp(levels) < 3


def test_an_event_is_an_attack_at_its_time():
    material = material_of(strikes(noise=0.02))
    mel = np.full((320, 80), 0.5, np.float32)
    splice = Splice(material, EventTrack(*np.array([[1.23, 1.0, 0.3]]).T), iter([mel]))
    made = np.abs(_render(splice, 3.0))
    around = slice(round(1.13 * RATE), round(1.33 * RATE))
    rising = np.flatnonzero(made[around] > 0.3 * made[around].max())[0] / RATE + 1.13
    assert rising == pytest.approx(1.23, abs=0.015)


def test_it_goes_on_between_events_and_makes_room_for_their_attacks():
    """The decoded mel falls to nothing after an event; what is heard does not."""
    material = material_of(rain())
    as_recorded = (material.level.mean() + 80) / 100
    loud, quiet = np.full((96, 80), as_recorded, np.float32), np.zeros((120, 80), np.float32)
    events = EventTrack(*np.array([[0.0, 1.0, 1.1], [2.5, 1.0, 1.1]]).T)
    splice = Splice(material, events, iter([loud, quiet, loud]))
    made = _render(splice, 3.6)
    made *= to_samples(splice.gain, RATE / BASE.mel_rate, 0.0, len(made))[:, 0]
    mel = LogMel(Config().audio)(Sound(made[:, None], RATE).mono(BASE.sample_rate))
    level = mel_level(mel)

    def heard(first, stop):
        return level[round(first * BASE.mel_rate) : round(stop * BASE.mel_rate)].mean()

    loudest = heard(0.3, 0.9)
    assert heard(1.5, 2.0) == pytest.approx(loudest - 20, abs=2)
    assert heard(2.46, 2.48) < heard(1.5, 2.0) - 10
    assert heard(2.7, 3.3) == pytest.approx(loudest, abs=2)
