"""Reaper sessions, read by rpp: what Reaper would play is the stem."""

from fractions import Fraction

import numpy as np
import pytest
import rpp

from tests.handover.sessions import (
    RATE,
    SECONDS,
    fade,
    keys,
    make_session,
    read,
    steps,
    worst_db,
    write_handover,
)
from vsg_tf.handover.reaper import quoted


def _load(path):
    return rpp.loads(path.read_text(encoding="utf-8"))


def _value(element, name, index=1):
    return next(row for row in element if isinstance(row, list) and row[0] == name)[index]


def _samples(element, name, index=1):
    """A time in samples; it must lie on one."""
    exact = float(_value(element, name, index)) * RATE
    assert abs(exact - round(exact)) < 1e-5
    return round(exact)


def _tracks(project):
    return {_value(track, "NAME"): track for track in project.findall("TRACK")}


def _play(folder, track, channels):
    """What the track adds up to."""
    total = np.zeros((SECONDS * RATE, channels))
    for item in track.findall("ITEM"):
        sound = read(folder / _value(item.find("SOURCE"), "FILE"))
        start, length = _samples(item, "POSITION"), _samples(item, "LENGTH")
        offset = _samples(item, "SOFFS")
        assert _value(item, "FADEIN", 1) == _value(item, "FADEOUT", 1) == "0"
        heard = sound[offset : offset + length] * float(_value(item, "VOLPAN"))
        fades = _samples(item, "FADEIN", 2), _samples(item, "FADEOUT", 2)
        total[start : start + length] += heard * fade(length, *fades)
    return total


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
def test_the_items_sum_to_the_stem(tmp_path, bit_depth):
    folder = write_handover(tmp_path / "out", make_session(tmp_path / "in"), ["reaper"], bit_depth)
    tracks = _tracks(_load(folder / "my_clip.rpp"))
    for name, file, channels in (
        ("Steps / left", "Steps_left", 2),
        ("keys", "keys", 1),
    ):
        stem = read(folder / f"stems/{file}.wav")
        assert np.abs(stem).max() > 0.1
        assert worst_db(_play(folder, tracks[f"{name} items"], channels), stem) < (
            -90 if bit_depth == 16 else -110
        )
        assert worst_db(_play(folder, tracks[f"{name} stem"], channels), stem) < -200


def test_stems_are_what_was_made(tmp_path):
    session = make_session(tmp_path / "in")
    folder = write_handover(tmp_path / "out", session, ["reaper"], 32)
    for layer, file in ((steps(), "Steps_left"), (keys(), "keys")):
        made = np.concatenate(list(layer.stem()))
        stem = read(folder / f"stems/{file}.wav")
        assert len(stem) == SECONDS * RATE
        np.testing.assert_array_equal(stem[: len(made)], made)
        assert not stem[len(made) :].any()


def test_each_event_has_an_item_with_handles_at_its_time(tmp_path):
    session = make_session(tmp_path / "in")
    folder = write_handover(tmp_path / "out", session, ["reaper"])
    tracks = _tracks(_load(folder / "my_clip.rpp"))
    items = tracks["Steps / left items"].findall("ITEM")
    made = list(steps().items())
    assert len(items) == len(made) + 1  # and the room tone
    for item, source in zip(items, made, strict=False):
        assert _samples(item, "POSITION") == source.start
        assert _samples(item, "SOFFS") == source.before
        assert _samples(item, "LENGTH") == source.length
        assert (_samples(item, "FADEIN", 2), _samples(item, "FADEOUT", 2)) == (200, 5000)
        assert float(_value(item, "VOLPAN")) == pytest.approx(10 ** (source.gain_db / 20))
        assert len(read(folder / _value(item.find("SOURCE"), "FILE"))) == len(source.waveform)
    assert _value(items[-1], "NAME") == "Steps / left rest"
    # Of the two events that are too close to be told, the second has both sounds.
    names = [_value(item, "NAME") for item in tracks["keys items"].findall("ITEM")]
    assert names[:4] == ["keys 1", "keys 3", "keys 4", "keys 5"]


def test_the_session_has_picture_guide_stems_and_markers(tmp_path):
    session = make_session(tmp_path / "in")
    folder = write_handover(tmp_path / "out", session, ["reaper"])
    project = _load(folder / "my_clip.rpp")
    tracks = _tracks(project)
    muted = {name: _value(track, "MUTESOLO") for name, track in tracks.items()}
    assert muted == {
        "Video": "0",
        "Guide": "1",
        "Steps / left": "0",
        "Steps / left items": "0",
        "Steps / left stem": "1",
        "keys": "0",
        "keys items": "0",
        "keys stem": "1",
    }
    depth = [int(_value(track, "ISBUS", 2)) for track in tracks.values()]
    assert sum(depth) == 0  # every folder of tracks is closed
    video = tracks["Video"].find("ITEM").find("SOURCE")
    assert video.attrib == ["VIDEO"]
    assert (folder / _value(video, "FILE")).read_bytes() == session.clip.read_bytes()
    guide = read(folder / "guide/guide.wav")
    assert guide.shape == (SECONDS * RATE, 2)
    heard = np.abs(guide).max(axis=1) > 1e-3
    assert 0.99 * RATE < np.flatnonzero(heard)[-1] < 1.01 * RATE  # half a rate, a whole second
    markers = [row for row in project if isinstance(row, list) and row[0] == "MARKER"]
    times = sorted([*steps().events.times, *keys().events.times])
    np.testing.assert_allclose([float(row[2]) for row in markers], times, atol=0.5 / RATE)
    assert "Steps / left 1" in [row[3] for row in markers]


@pytest.mark.parametrize(
    ("rate", "start", "frame_rate", "offset"),
    [
        ("23.976", "01:00:00:00", ["24", "2"], Fraction(36036, 10)),
        ("24", "01:00:00:00", ["24", "0"], 3600),
        ("25", "10:00:00:00", ["25", "0"], 36000),
        ("29.97", "01:00:00;00", ["30", "1"], Fraction(107892 * 1001, 30000)),
        ("29.97", "01:00:00:00", ["30", "2"], Fraction(36036, 10)),
        ("30", "00:00:00:00", ["30", "0"], 0),
        ("50", "01:00:00:49", ["50", "0"], Fraction(360098, 100)),
        ("59.94", "01:00:00:00", ["60", "2"], Fraction(36036, 10)),
        ("59.94", "01:00:00;00", ["60", "1"], Fraction(215784 * 1001, 60000)),
        ("60", "01:00:00:00", ["60", "0"], 3600),
    ],
)
def test_the_ruler_shows_the_clips_timecode(tmp_path, rate, start, frame_rate, offset):
    session = make_session(tmp_path / "in", rate, start, layers=(keys(),))
    folder = write_handover(tmp_path / "out", session, ["reaper"])
    project = _load(folder / "my_clip.rpp")
    assert next(row for row in project if row[0] == "TIMEMODE")[4:6] == frame_rate
    written = Fraction(next(row for row in project if row[0] == "PROJOFFS")[1])
    assert abs(written - offset) <= Fraction(1, 10**12)


@pytest.mark.parametrize("text", ["plain", 'a "b"', 'it\'s "b"', '`all` "of" it\'s', "two\nlines"])
def test_names_are_quoted_so_that_they_read_back(text):
    project = rpp.loads(f"<REAPER_PROJECT 0.1\n  NAME {quoted(text)}\n>\n")
    read_back = project[0][1]
    assert read_back.replace("'", "`") == " ".join(text.split()).replace("'", "`")
