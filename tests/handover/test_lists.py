"""Events as MIDI, labels, CSV and markers: read back as timing, and by other libraries."""

from fractions import Fraction

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.handover.sessions import (
    RATE,
    SECONDS,
    event_track,
    keys,
    make_session,
    steps,
    write_handover,
)
from vsg_tf.events import EventTrack
from vsg_tf.handover.description import Layer
from vsg_tf.handover.midi import KEY, tick_grid
from vsg_tf.timing.lists import read_timing

FIELDS = ("times", "strengths", "durations", "takes", "pitches", "gains", "confidences")


def _silent(events: EventTrack, name: str = "a") -> Layer:
    return Layer(name, events, 1, lambda: [])


def _write(folder, layers, formats, **options):
    session = make_session(folder / "in", layers=layers, **options)
    return write_handover(folder / "out", session, formats)


def _read(path, **options):
    return read_timing(path, float(SECONDS), **options).events


@pytest.mark.parametrize(
    "name", ["markers/Steps_left.csv", "markers/Steps_left.txt", "midi/Steps_left.mid"]
)
def test_lists_are_read_back_at_the_same_sample(tmp_path, name):
    folder = _write(tmp_path, (steps(), keys()), ["midi", "audacity", "csv"])
    made, found = steps().events, _read(folder / name)
    np.testing.assert_array_equal(np.round(found.times * RATE), np.round(made.times * RATE))
    np.testing.assert_allclose(found.durations, made.durations, atol=1 / RATE)
    assert not (folder / "stems").exists()  # nobody asked for sound


def test_our_list_keeps_everything(tmp_path):
    events = EventTrack(
        [0.1, 0.2, 1 / 3],
        [0.5, 1, 0],
        [0.25, np.nan, 1e-5],
        takes=[1, np.nan, 3],
        pitches=[-2, np.nan, np.nan],
        gains=[np.nan, -6.25, np.nan],
        confidences=[0.5, np.nan, 1],
    )
    folder = _write(tmp_path, (_silent(events),), ["csv"])
    found = _read(folder / "markers/a.csv")
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(found, field), getattr(events, field))


def test_labels_keep_times_to_the_last_digit(tmp_path):
    events = EventTrack([1e-7, 1 / 3, 2.9], [0.5] * 3, [np.nan, 1e-6, 0.25])
    folder = _write(tmp_path, (_silent(events, "two\twords"),), ["audacity"])
    text = (folder / "markers/two_words.txt").read_text(encoding="utf-8")
    assert "e-" not in text.replace("label", "")
    assert text.splitlines()[0] == "0.0000001\t0.0000001\ttwo words 1, strength 0.50"
    found = _read(folder / "markers/two_words.txt")
    np.testing.assert_array_equal(found.times, events.times)
    np.testing.assert_allclose(found.durations, events.durations, atol=1e-15)


def test_markers_inside_the_stem_are_read_back(tmp_path):
    folder = _write(tmp_path, (steps(),), ["wav"])
    found = _read(folder / "stems/Steps_left.wav")
    made = steps().events
    np.testing.assert_array_equal(np.round(found.times * RATE), np.round(made.times * RATE))
    np.testing.assert_allclose(found.durations, made.durations, atol=1 / RATE)
    assert not (folder / "items").exists()


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 88_200, 96_000, 192_000])
def test_a_tick_is_a_sample_at_all_usual_rates(rate):
    beats, ticks = tick_grid(rate)
    assert beats * ticks == rate
    assert 1_000_000 % beats == 0
    assert ticks <= 32_767


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_mido_plays_notes_where_events_are(tmp_path, rate):
    times = np.sort(np.random.default_rng(0).uniform(0, SECONDS - 0.3, 40))
    folder = _write(tmp_path, (_silent(event_track(times)),), ["midi"], sample_rate=rate)
    now, starts = Fraction(0), []
    file = mido.MidiFile(folder / "midi/a.mid")
    tempo = next(message.tempo for message in file.tracks[0] if message.type == "set_tempo")
    for message in file.tracks[0]:
        now += Fraction(message.time * tempo, file.ticks_per_beat * 1_000_000)
        if message.type == "note_on":
            starts.append(now)
    assert [start * rate for start in starts] == [round(time * rate) for time in times]
    assert file.length == pytest.approx(times[-1] + 0.25, abs=0.001)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 2.9), st.floats(0, 1), st.one_of(st.floats(0.001, 5), st.just(np.nan))
        ),
        max_size=30,
    )
)
def test_notes_that_overlap_keep_their_own_lengths(tmp_path_factory, rows):
    events = EventTrack(*zip(*rows, strict=True)) if rows else EventTrack.empty()
    if not rows:
        return
    folder = _write(tmp_path_factory.mktemp("midi"), (_silent(events),), ["midi"], guide=None)
    found = _read(folder / "midi/a.mid")
    np.testing.assert_array_equal(np.round(found.times * RATE), np.round(events.times * RATE))
    np.testing.assert_allclose(found.strengths, events.strengths, atol=0.5 / 126)
    lengths = np.where(np.isnan(events.durations), 0.1, events.durations)
    key = np.lexsort((lengths, np.round(events.times * RATE)))
    other = np.lexsort((found.durations, np.round(found.times * RATE)))
    np.testing.assert_allclose(found.durations[other], lengths[key], atol=1.01 / RATE)


def test_more_sounds_at_once_than_there_are_keys(tmp_path):
    folder = _write(tmp_path, (_silent(event_track([0.5] * 100)),), ["midi"])
    played = [m.note for m in mido.MidiFile(folder / "midi/a.mid").tracks[0] if m.type == "note_on"]
    assert len(played) == 100
    assert min(played) == KEY
    assert max(played) == 127


@pytest.mark.parametrize(
    ("rate", "start", "offset"),
    [
        ("23.976", "01:02:03:04", (24, 1, 2, 3, 4, 0)),
        ("24", "01:02:03:23", (24, 1, 2, 3, 23, 0)),
        ("25", "10:00:00:24", (25, 10, 0, 0, 24, 0)),
        ("29.97", "01:02:03;04", (29.97, 1, 2, 3, 4, 0)),
        ("29.97", "01:02:03:04", (30, 1, 2, 3, 4, 0)),
        ("30", "01:02:03:29", (30, 1, 2, 3, 29, 0)),
        ("50", "01:02:03:49", (25, 1, 2, 3, 24, 50)),
        ("59.94", "01:02:03;59", (29.97, 1, 2, 3, 29, 50)),
        ("59.94", "01:02:03:58", (30, 1, 2, 3, 29, 0)),
        ("60", "01:02:03:59", (30, 1, 2, 3, 29, 50)),
        ("15", "01:02:03:14", (30, 1, 2, 3, 14, 0)),
    ],
)
def test_the_file_says_at_which_timecode_it_begins(tmp_path, rate, start, offset):
    folder = _write(tmp_path, (_silent(event_track([0.5])),), ["midi"], rate=rate, start=start)
    track = mido.MidiFile(folder / "midi/a.mid").tracks[0]
    found = next(message for message in track if message.type == "smpte_offset")
    names = ("frame_rate", "hours", "minutes", "seconds", "frames", "sub_frames")
    assert tuple(getattr(found, name) for name in names) == offset
    assert track.name == "a"


@pytest.mark.parametrize("name", ["midi/a.mid", "markers/a.csv", "markers/a.txt"])
def test_events_after_the_clips_end_are_left_out(tmp_path, name):
    events = event_track([0.5, SECONDS - 1e-9, SECONDS + 1])
    folder = _write(tmp_path, (_silent(events),), ["midi", "audacity", "csv", "wav"])
    assert _read(folder / name).times.tolist() == [0.5]
