"""Which format a file is, labels of Audacity, and what no format is."""

import os

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack
from vsg_tf.timing.lists import FORMATS, LIST_SUFFIXES, read_timing, write_timing
from vsg_tf.timing.timing import Timing


def _read(tmp_path, content, name="labels.txt", duration_s=60.0):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_timing(path, duration_s).events


def test_every_suffix_belongs_to_a_format():
    assert set(LIST_SUFFIXES) == {suffix for form in FORMATS.values() for suffix in form.suffixes}


def test_labels_with_ranges_points_frequencies_and_no_text(tmp_path):
    text = "0.500000\t0.750000\tdoor\n\\\t100.0\t2000.0\n2.000000\t2.000000\tstep, left\n\n1\t1.5\n"
    track = _read(tmp_path, text)
    assert track.times.tolist() == [0.5, 1.0, 2.0]
    np.testing.assert_array_equal(track.durations, [0.25, 0.5, np.nan])
    assert track.strengths.tolist() == [1, 1, 1]


def test_labels_with_decimal_commas_and_other_line_ends(tmp_path):
    track = _read(tmp_path, "0,5\t0,5\tÄ\r\n1,25\t2,25\t\r\n".encode("utf-8-sig"))
    np.testing.assert_array_equal(track.durations, [np.nan, 1.0])
    assert track.times.tolist() == [0.5, 1.25]


@pytest.mark.parametrize("name", ["labels.txt", "labels.csv", "labels"])
def test_the_content_decides_whatever_the_name(tmp_path, name):
    assert _read(tmp_path, "1.5\t1.5\tx\n", name).times.tolist() == [1.5]
    assert _read(tmp_path, "time_s\tstrength\n2.5\t1\n", name).times.tolist() == [2.5]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1\t1\tx\n70\t70\ty\n", "line 2: the event at 70 s lies beyond the clip's end"),
        ("1\t1\tx\n-2\t0\ty\n", "line 2: the time must be at least 0"),
        ("1\t0.5\tx\n", "line 1: the label ends before it begins"),
        ("1\t1\tx\nfree text\n", "line 2 is no label"),
        ("1\t1\tx\na\tb\n", "line 2: 'a' is no number"),
        ("", "is an empty file"),
        ("\n\n", "lacks the column time_s"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is no list of events; give one of these: a MIDI file"),
        (bytes(range(256)), "is no list of events"),
    ],
)
def test_a_bad_label_file_is_one_sentence(tmp_path, text, sentence):
    with pytest.raises(InputError, match=sentence):
        _read(tmp_path, text)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_timing(tmp_path / "none.csv", 1.0)
    with pytest.raises(InputError, match="is a folder"):
        read_timing(tmp_path, 1.0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("time_s\n1\n")
    path.chmod(0)
    with pytest.raises(InputError, match="may not be read"):
        read_timing(path, 2.0)


def test_what_cannot_be_written(tmp_path):
    timing = Timing(1.0, EventTrack.empty())
    with pytest.raises(InputError, match="cannot be written as 'midi'; choose from csv"):
        write_timing(tmp_path / "x.mid", timing, "midi")
    assert not list(tmp_path.iterdir())
