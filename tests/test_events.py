"""Event tracks: order, cropping, tensors, and the CSV that people edit."""

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.events import EventTrack, read_events, write_events


def _track():
    return EventTrack(np.array([2.0, 0.5]), np.array([0.4, 1.0]), np.array([0.3, 0.1]))


def test_events_are_ordered_by_time():
    np.testing.assert_array_equal(_track().times, [0.5, 2.0])
    np.testing.assert_array_equal(_track().strengths, [1.0, 0.4])


def test_crop_counts_times_from_its_start():
    cropped = _track().crop(1.5, 3.0)
    np.testing.assert_array_equal(cropped.times, [0.5])


def test_array_keeps_the_strongest():
    np.testing.assert_allclose(_track().to_array(1), [[0.5, 1.0, 0.1]])
    assert _track().to_array(4).shape == (4, 3)


def test_csv_round_trip_is_exact(tmp_path):
    rng = np.random.default_rng(0)
    track = EventTrack(rng.random(50) * 1800, rng.random(50), rng.random(50) + 1e-3)
    write_events(tmp_path / "e.csv", track)
    read = read_events(tmp_path / "e.csv")
    for name in ("times", "strengths", "durations"):
        np.testing.assert_array_equal(getattr(read, name), getattr(track, name))


def test_what_an_editor_leaves_in_a_csv_is_read(tmp_path):
    path = tmp_path / "edited.csv"
    path.write_text(
        "time_s, strength ,duration_s,note\n\n2, 0.5, 0.3,door,shut\n,,\n1,1,0.1,\n",
        encoding="utf-8-sig",
    )
    np.testing.assert_allclose(read_events(path).to_array(), [[1, 1, 0.1], [2, 0.5, 0.3]])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n", "lacks the column time_s"),
        ("", "lacks the column"),
        ("time_s,strength,duration_s\n-1,1,1\n", "time_s must be at least 0"),
        ("time_s,strength,duration_s\nnan,1,1\n", "time_s must be at least 0"),
        ("time_s,strength,duration_s\n1e300,1,1\n", "time_s must be at least 0"),
        ("time_s,strength,duration_s\n1,1,1e300\n", "duration_s must be above 0"),
        ("time_s,strength,duration_s\n1,2,1\n", "strength must be from 0 to 1"),
        ("time_s,strength,duration_s\n1,1,0\n", "duration_s must be above 0"),
        ("time_s,strength,duration_s\n1,x,1\n", "must be numbers"),
        ("time_s,strength,duration_s\n1\n", "must be numbers"),
    ],
)
def test_bad_csv_is_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        read_events(path)


def test_missing_and_binary_files(tmp_path):
    with pytest.raises(InputError, match="There is no"):
        read_events(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match="must be a CSV"):
        read_events(tmp_path / "binary.csv")


def test_existing_output_is_kept(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists"):
        write_events(path, _track())
    assert path.read_text() == "mine"
