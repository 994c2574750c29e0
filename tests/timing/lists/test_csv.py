"""Our CSV: exact round trips, what spreadsheets make of it, frames and timecode, refusals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import read_timing, write_timing
from vsg_tf.timing.timing import LevelCurve, Timing

NAN = float("nan")
FIELDS = ("times", "strengths", "durations", "takes", "pitches", "gains", "confidences")
HEADER = "time_s,strength,duration_s\n"


def _read(tmp_path, text, duration_s=100.0, **clip):
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_timing(path, duration_s, **clip)


def _same(first: Timing, second: Timing) -> None:
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(first.events, name), getattr(second.events, name))
    assert (first.level is None) == (second.level is None)
    if first.level is not None:
        assert first.level.rate == second.level.rate
        np.testing.assert_array_equal(first.level.db, second.level.db)
        assert (first.level.brightness is None) == (second.level.brightness is None)
        if first.level.brightness is not None:
            np.testing.assert_array_equal(first.level.brightness, second.level.brightness)


def _some(rng, count, values):
    return np.where(rng.random(count) < 0.5, NAN, values)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(0, 40),
    values=st.integers(0, 400),
    rate=st.one_of(
        st.sampled_from([100.0, 22050 / 1024, 22050 / 256, 44100 / 512, 1000 / 7, 30000 / 1001]),
        st.fractions(1, 500, max_denominator=2000).map(float),
    ),
    bright=st.booleans(),
)
def test_what_is_written_is_read_back_exactly(tmp_path_factory, seed, count, values, rate, bright):
    rng = np.random.default_rng(seed)
    track = EventTrack(
        rng.random(count) * 1800,
        rng.random(count),
        _some(rng, count, rng.random(count) + 1e-3),
        _some(rng, count, rng.integers(1, 9, count)),
        _some(rng, count, rng.normal(size=count)),
        None if seed % 2 else rng.normal(size=count) * 10,
        _some(rng, count, rng.random(count)),
    )
    level = None
    if values:
        level = LevelCurve(rate, -80 * rng.random(values), rng.random(values) if bright else None)
    timing = Timing(2000.0, track, level)
    path = tmp_path_factory.mktemp("lists") / "e.csv"
    write_timing(path, timing)
    if level is not None and values == 1:  # a single value lies at time 0 at any rate
        timing = Timing(2000.0, track, LevelCurve(100.0, level.db, level.brightness))
    _same(read_timing(path, 2000.0), timing)


def test_columns_that_say_nothing_are_left_out(tmp_path):
    write_timing(tmp_path / "e.csv", Timing(9.0, EventTrack([1, 0.5], [0.25, 1], [NAN, 2])))
    assert (tmp_path / "e.csv").read_text() == HEADER + "0.5,1,2\n1,0.25,\n"


def test_what_an_editor_leaves_is_read(tmp_path):
    text = "time_s, Strength ,duration_s,note\n\n2, 0.5, 0.3,door,shut\n,,\n1,1,0.1,\n"
    timing = _read(tmp_path, text.encode("utf-8-sig"))
    np.testing.assert_allclose(timing.events.to_array(), [[1, 1, 0.1], [2, 0.5, 0.3]])
    assert timing.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "time_s;strength;duration_s\r\n1,5;0,8;0,25\r\n",
        'time_s,strength,duration_s\n"1,5","0,8","0,25"\n',
        '"time_s";"strength";"duration_s"\r"1,5";"0,8";"0,25"\r',
        "time_s\tstrength\tduration_s\n1,5\t0,8\t0,25\n",
        "duration_s,time_s,strength\n0.25,1.5,0.8\n",
        "time_s;strength;duration_s;;\n1.5;.8;0.25;;\n;;;;\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_spreadsheets_of_all_countries_are_read(tmp_path, text, encoding):
    track = _read(tmp_path, text.encode(encoding)).events
    np.testing.assert_allclose(track.to_array(), [[1.5, 0.8, 0.25]])


def test_a_list_of_times_alone(tmp_path):
    track = _read(tmp_path, "time_s\n2\n1.5\n").events
    assert track.times.tolist() == [1.5, 2.0] and track.strengths.tolist() == [1, 1]
    assert np.isnan(track.durations).all()


def test_optional_columns(tmp_path):
    text = "time_s,strength,duration_s,take,gain_db,pitch_semitones,confidence,colour\n"
    timing = _read(tmp_path, text + "1,1,,2,-3.5,-12,0.5,red\n2,1,,,,,,\n")
    first, second = timing.events.select([0]), timing.events.select([1])
    assert (first.takes, first.gains, first.pitches, first.confidences) == (2, -3.5, -12, 0.5)
    assert np.isnan([second.takes, second.gains, second.pitches, second.confidences]).all()
    assert timing.notes == (
        f"{tmp_path / 'list.csv'}: the column colour is not known and ignored.",
    )


NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize(
    ("text", "rate", "timecode", "times"),
    [
        ("time_s\n25f\n50 frames\n", Fraction(25), None, [1.0, 2.0]),
        ("time_frames\n0\n24\n", Fraction(24000, 1001), None, [0.0, 1.001]),
        ("time_frames,strength,duration_frames\n24,1,12\n", Fraction(24), None, [1.0]),
        ("timecode\n00:00:01:12\n", Fraction(25), None, [1.48]),
        ("time_s\n01:00:01:12\n", Fraction(25), "01:00:00:00", [1.48]),
        ("time_s\n01:00:10;00\n", NTSC, "01:00:00;00", [10.01]),
        ("time_s\n01:00:10:00\n", NTSC, "01:00:00:00", [10.01]),
        # A minute of drop frame lacks two numbers, so that frame 1800 is 00:01:00;02.
        ("time_s\n00:01:00;02\n", NTSC, None, [1800 * 1001 / 30000]),
        ("time_s\n00:00:02:00\n", Fraction(25), "23:59:58:00", [4.0]),
    ],
)
def test_frames_and_timecode_of_the_clip(tmp_path, text, rate, timecode, times):
    timing = _read(tmp_path, text, frame_rate=rate, timecode=timecode)
    np.testing.assert_allclose(timing.events.times, times, rtol=0, atol=1e-12)
    if "duration_frames" in text:
        assert timing.events.durations.tolist() == [0.5]


def test_an_hour_at_ntsc_does_not_drift(tmp_path):
    timing = _read(tmp_path, "timecode\n01:00:00:00\n", 4000.0, frame_rate=NTSC)
    assert timing.events.times[0] == 3603.6


def test_a_level_curve_that_was_edited_is_evened_out(tmp_path):
    text = HEADER + "1,1,1\n\nlevel_time_s,level_db\n0,-80\n0.5,-20\n2,0\n"
    level = _read(tmp_path, text).level
    assert level.rate == 100 and level.brightness is None
    np.testing.assert_allclose(level.at(np.array([0.25, 0.5, 1.25, 2.0])), [-50, -20, -10, 0])


def test_a_level_curve_saved_by_a_spreadsheet(tmp_path):
    text = "time_s;strength;duration_s\n1;1;1\n;;\nlevel_time_s;level_db;brightness\n"
    level = _read(tmp_path, text + "0;-10,5;0,25\n0,01;0;1\n").level
    assert level.rate == 100
    assert level.db.tolist() == [-10.5, 0] and level.brightness.tolist() == [0.25, 1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n", "lacks the column time_s"),
        ("\n", "lacks the column time_s"),
        ("time_s,time_frames\n1,2\n", "has both time_s and time_frames"),
        (HEADER + "-1,1,1\n", "line 2, time_s: the time must be at least 0"),
        (HEADER + "nan,1,1\n", "line 2, time_s: 'nan' is no number"),
        (HEADER + "1e300,1,1\n", "at least 0 and finite"),
        (HEADER + "\n1,1,1\n100,1,1\n", "line 4, time_s: the event at 100 lies beyond"),
        (HEADER + "1,1,1e300\n", "a duration must be above 0"),
        (HEADER + "1,1,0\n", "a duration must be above 0"),
        (HEADER + "1,2,1\n", "strength must be from 0 to 1, not 2"),
        (HEADER + "1,x,1\n", "'x' is no number"),
        (HEADER + "1\n", "must be numbers, not empty"),
        (HEADER + ",1,1\n", "time_s must be given"),
        (HEADER + "1,5,0,8,0,3\n", "separate the columns by semicolons"),
        (HEADER + "1.234,5,1\n", "strength must be from 0 to 1"),
        ("time_s,strength,take\n1,1,0\n", "take must be a whole number from 1"),
        ("time_s,strength,take\n1,1,1.5\n", "take must be a whole number"),
        ("time_s,gain_db\n1,inf\n", "'inf' is no number"),
        ("time_s,confidence\n1,1.2\n", "confidence must be from 0 to 1"),
        ("time_s\n12f\n", "counts frames, which needs a clip"),
        ("timecode\n12\n", "12 is no timecode"),
        ("level_time_s,level_db\n0,0\n", "events come first"),
        (HEADER + "\nlevel_time_s,x\n0,0\n", "lacks the column level_db"),
        (HEADER + "\nlevel_time_s,level_db\n", "the level curve has no values"),
        (HEADER + "\nlevel_time_s,level_db\n0,0\n0,0\n", "line 5: the times of a level curve"),
        (HEADER + "\nlevel_time_s,level_db\n0,x\n", "line 4: 'x' is no number"),
        (HEADER + "\nlevel_time_s,level_db\n0\n", "line 4: '' is no number"),
        (HEADER + "\nlevel_time_s,level_db\n0,0\n1,0\n1e9,0\n", "the level curve ends at"),
    ],
)
def test_a_bad_list_is_one_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence) as raised:
        _read(tmp_path, text)
    assert str(tmp_path) in str(raised.value) and str(raised.value).count("\n") == 0


@pytest.mark.parametrize(
    ("text", "clip", "sentence"),
    [
        ("250f", {"frame_rate": Fraction(25)}, "250f lies beyond the clip's end"),
        ("00:00:10:00", {"frame_rate": Fraction(25)}, "the clip has no timecode"),
        ("00:00:00:25", {"frame_rate": Fraction(25)}, "line 2, time_s: .* does not exist"),
        ("00:00:01;00", {"frame_rate": Fraction(25)}, "25"),
        ("00:59:59:00", {"frame_rate": Fraction(25), "timecode": "01:00:00:00"}, "begins at 01"),
        ("00:00:01:00", {"frame_rate": Fraction(299, 10)}, "no timecode at 29.9"),
    ],
)
def test_frames_and_timecode_outside_the_clip(tmp_path, text, clip, sentence):
    with pytest.raises(InputError, match=sentence):
        _read(tmp_path, f"time_s\n{text}\n", 9.5, **clip)
