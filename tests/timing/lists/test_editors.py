"""Regions of Reaper and markers of edit decision lists."""

from fractions import Fraction

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.timing.lists import read_timing

REAPER = "#,Name,Start,End,Length\n"
EDL = "TITLE: Reel 1\nFCM: NON-DROP FRAME\n\n"
EDIT = "001  001      V     C        01:00:02:12 01:00:02:13 01:00:02:12 01:00:02:13\n"


def _read(tmp_path, text, name="x.csv", rate=Fraction(25), timecode=None, duration_s=120.0):
    path = tmp_path / name
    path.write_text(text, newline="")
    return read_timing(path, duration_s, rate, timecode).events


@pytest.mark.parametrize(
    "rows",
    [
        "R1,creak,1.5,2,0.5\nM1,step,3.25,,\n",
        'R1,"creak, loud",0:01.500,0:02.000,0:00.500\r\nM1,step,0:03.250,,\r\n',
        "R1,creak,0:00:01.500,0:00:02.000,0:00:00.500\nM1,step,0:00:03.250,,\n",
        "R1,creak,1.500,2.000,0.500,FF0000\nM1,step,3.250,,,FF0000\n",
    ],
)
def test_regions_and_markers_of_reaper(tmp_path, rows):
    track = _read(tmp_path, REAPER + rows)
    assert track.times.tolist() == [1.5, 3.25] and track.strengths.tolist() == [1, 1]
    np.testing.assert_array_equal(track.durations, [0.5, np.nan])


def test_regions_in_timecode(tmp_path):
    rows = "M1,x,01:00:01:05,,\n"
    track = _read(tmp_path, REAPER + rows, timecode="01:00:00:00")
    assert track.times.tolist() == [1.2]


def test_locators_of_an_edl(tmp_path):
    text = EDL + EDIT + "* LOC: 01:00:01:05 RED     STEP, left\r\n* LOC: 01:00:03:00 GREEN\n"
    track = _read(tmp_path, text, "x.edl", timecode="01:00:00:00")
    assert track.times.tolist() == [1.2, 3.0] and np.isnan(track.durations).all()


def test_markers_of_resolve_with_lengths(tmp_path):
    second = EDIT.replace("02:12", "04:00").replace("02:13", "04:01")
    text = EDL + EDIT + " |C:ResolveColorBlue |M:Marker 1 |D:1\n\n" + second
    text += " |C:ResolveColorRed |M:creak |D:50\n"
    track = _read(tmp_path, text, "x.edl", timecode="01:00:00:00")
    assert track.times.tolist() == [2.48, 4.0]
    np.testing.assert_array_equal(track.durations, [np.nan, 2.0])


def test_drop_frame_locators(tmp_path):
    text = "TITLE: x\nFCM: DROP FRAME\n* LOC: 01:01:00;02 RED x\n"
    rate = Fraction(30000, 1001)
    track = _read(tmp_path, text, "x.edl", rate, "01:00:00;00")
    np.testing.assert_allclose(track.times, [1800 * 1001 / 30000], atol=1e-12)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (REAPER, "holds no regions or markers"),
        (REAPER + "M1,x,1.1.00,,\n", "line 2: 1.1.00 counts bars and beats"),
        (REAPER + "M1,x,200,,\n", "line 2: the event at 200 lies beyond"),
        (REAPER + "M1,x,soon,,\n", "line 2: 'soon' is no number"),
        (EDL + EDIT, "holds no markers, only edits"),
        (EDL + "* LOC: 01:00:00:30 RED x\n", "line 4: 01:00:00:30 does not exist"),
        (EDL + "* LOC: 01:00:01:00 RED x\n", "the clip has no timecode"),
    ],
)
def test_what_cannot_be_played_is_one_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        _read(tmp_path, text)
