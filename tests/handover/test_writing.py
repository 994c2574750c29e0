"""A folder appears whole, or a sentence says why not; what lies in it fits the description."""

import csv
import errno
import re
from dataclasses import replace
from pathlib import Path

import aaf2
import mido
import numpy as np
import opentimelineio
import pyloudnorm
import pytest
import rpp
from wavinfo import WavInfoReader

from tests.handover.sessions import (
    RATE,
    SECONDS,
    event_track,
    keys,
    make_session,
    noise,
    read,
    steps,
    worst_db,
    write_handover,
)
from vsg_tf.audio.true_peak import true_peak
from vsg_tf.errors import InputError, MissingExtraError
from vsg_tf.events import EventTrack
from vsg_tf.handover import formats, writing
from vsg_tf.handover.description import Item, Layer, shown
from vsg_tf.handover.formats import FORMATS, Format, chosen, installed_formats
from vsg_tf.handover.media import Needs, slug_of
from vsg_tf.handover.writing import check_handover


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_session_gives_the_same_bytes(tmp_path):
    session = make_session(tmp_path / "in")
    first = write_handover(tmp_path / "a", session, ["stems", "reaper"])
    second = write_handover(tmp_path / "b", session, ["stems", "reaper"])
    assert _tree(first) == _tree(second)


def test_stems_alone_need_neither_picture_nor_guide(tmp_path):
    session = make_session(tmp_path / "in")
    files = _tree(write_handover(tmp_path / "out", session, ["stems"]))
    assert {name.split("/")[0] for name in files} == {
        "HAND-OVER.txt",
        "loudness.csv",
        "stems",
        "items",
    }
    assert "items/Steps_left/Steps_left_0004.wav" in files


@pytest.mark.parametrize("start", ["01:00:00;00", "00:00:00;00"])
def test_every_sound_says_when_it_begins(tmp_path, start):
    session = make_session(tmp_path / "in", start=start)
    folder = write_handover(tmp_path / "out", session, ["stems"])
    first = session.rate.samples(session.rate.parse(start), RATE)
    stem = WavInfoReader(folder / "stems/Steps_left.wav")
    assert stem.bext.time_reference == first
    assert stem.bext.description == "Steps / left"
    assert stem.ixml.parsed.findtext("SPEED/TIMECODE_RATE") == "30000/1001"
    marks = [cue.sample_offset for cue in stem.cues.cues]
    assert marks == [round(time * RATE) for time in steps().events.times]
    for number, item in enumerate(steps().items(), start=1):
        info = WavInfoReader(folder / f"items/Steps_left/Steps_left_{number:04d}.wav")
        # At midnight there is nothing before the first picture to begin at.
        before = min(item.before, first + item.start)
        assert info.bext.time_reference == first + item.start - before
        assert info.cues.cues[0].sample_offset == before
        assert info.data.frame_count == len(item.waveform) - item.before + before


def test_one_sound_may_be_louder_than_full_scale_where_the_sum_is_not(tmp_path):
    """Two sounds that nearly cancel: each is stored lower, and its gain brings it back."""
    loud = noise(4800, 1, 1, 0.5) * 4
    track = event_track([0.5, 0.5])
    items = [Item(24_000, loud, 0), Item(24_000, 0.01 - loud, 1)]

    def stem():
        yield np.zeros((24_000, 1), np.float32)
        yield np.full((4800, 1), 0.01, np.float32)

    layer = Layer("loud", track, 1, stem, lambda: items)
    session = make_session(tmp_path / "in", layers=(layer,))
    folder = write_handover(tmp_path / "out", session, ["reaper"], 24)
    assert np.abs(read(folder / "items/loud/loud_0001.wav")).max() <= 1
    text = (folder / "my_clip.rpp").read_text()
    gains = [float(found) for found in re.findall(r"VOLPAN (\d+\.\d{12})", text)]
    first, second = (number for number in gains if number > 1)
    total = read(folder / "items/loud/loud_0001.wav") * first
    total += read(folder / "items/loud/loud_0002.wav") * second
    assert worst_db(total, np.full_like(total, 0.01)) < -90
    assert not (folder / "items/loud/loud_rest.wav").exists()  # nothing is left


def test_a_layer_without_events_is_a_rest(tmp_path):
    layer = Layer("wind", EventTrack.empty(), 1, lambda: [noise(RATE, 1, 3)])
    session = make_session(tmp_path / "in", layers=(layer,), guide=None, clip=None)
    folder = write_handover(tmp_path / "out", session, ["stems", "reaper"])
    assert (
        worst_db(read(folder / "items/wind/wind_rest.wav"), read(folder / "stems/wind.wav")) < -90
    )
    assert not (folder / "video").exists()


@pytest.mark.parametrize("seconds", [0.5, SECONDS + 1])
def test_a_stem_has_the_clips_length_whatever_was_made(tmp_path, seconds):
    sound = noise(round(seconds * RATE), 1, 3)
    layer = Layer("wind", event_track([0.1, 3.9]), 1, lambda: np.array_split(sound, 3))
    session = make_session(tmp_path / "in", layers=(layer,))
    folder = write_handover(tmp_path / "out", session, ["stems"])
    stem = read(folder / "stems/wind.wav")
    assert len(stem) == SECONDS * RATE
    shared = min(len(stem), len(sound))
    assert worst_db(stem[:shared], sound[:shared].astype(float)) < -130
    assert len(WavInfoReader(folder / "stems/wind.wav").cues.cues) == 1  # the other is after it


def test_names_that_are_equal_or_no_file_names(tmp_path):
    layers = [replace(keys(), name=name) for name in ("../a", "..\\A", "", "é ü", "con" * 40)]
    session = make_session(tmp_path / "in", layers=tuple(layers))
    folder = write_handover(tmp_path / "out", session, ["stems"])
    stems = sorted(path.name for path in (folder / "stems").iterdir())
    assert len({name.lower() for name in stems}) == 5
    assert "a.wav" in stems
    assert "A_2.wav" in stems
    assert slug_of("///", set()) == "layer"


def test_an_existing_folder_is_refused_and_stays(tmp_path):
    session = make_session(tmp_path / "in", layers=(keys(),))
    folder = write_handover(tmp_path / "out", session, ["stems"])
    before = _tree(folder)
    with pytest.raises(InputError, match="--overwrite"):
        write_handover(folder, session, ["reaper"])
    assert _tree(folder) == before
    write_handover(folder, session, ["reaper"], overwrite=True)
    assert (folder / "my_clip.rpp").is_file()


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("years of work")
    session = make_session(tmp_path / "in", layers=(keys(),))
    with pytest.raises(InputError, match="something else"):
        write_handover(tmp_path / "out", session, ["stems"], overwrite=True)
    assert (tmp_path / "out/thesis.txt").is_file()


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    session = make_session(tmp_path / "in", layers=(keys(),))

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("vsg_tf.handover.media.shutil.copyfile", full)
    with pytest.raises(InputError, match="disk is full"):
        write_handover(tmp_path / "new/out", session, ["reaper"])
    assert not any((tmp_path / "new").iterdir())


def test_a_guide_that_is_no_sound_is_refused(tmp_path):
    session = make_session(tmp_path / "in", layers=(keys(),))
    session.guide.write_text("no sound")
    with pytest.raises(InputError, match="guide"):
        write_handover(tmp_path / "out", session, ["reaper"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"formats": ["nuendo"]}, "no format 'nuendo'; choose from stems"),
        ({"bit_depth": 20}, "16, 24 or 32"),
        ({"sample_rate": 500}, "from 8000 to 192000"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_rendered(tmp_path, options, sentence):
    values = {"formats": ["stems"], "bit_depth": 24, "sample_rate": 48_000, **options}
    with pytest.raises(InputError, match=sentence):
        check_handover(tmp_path / "out", **values)
    assert not (tmp_path / "out").exists()


def test_a_format_whose_library_is_missing_is_left_out_or_named(tmp_path, monkeypatch):
    missing = Format(("--session", "x"), "a session", Needs.ITEMS, "reaper", "no_such_library")
    monkeypatch.setitem(formats.FORMATS, "x", missing)
    assert "x" not in installed_formats()
    assert "reaper" in installed_formats()
    with pytest.raises(MissingExtraError, match=r"vsg-tf\[hand-over\]"):
        check_handover(tmp_path / "out", ["x"], 24)


def test_each_format_has_its_option_and_its_module():
    options = [found.option for found in FORMATS.values()]
    assert len(set(options)) == len(options)
    for found in chosen(FORMATS):
        if found.module is not None:
            assert callable(__import__(f"vsg_tf.handover.{found.module}", fromlist=["write"]).write)


@pytest.mark.parametrize(
    "wrong",
    [{"start": -1}, {"fade_in": 6, "fade_out": 5}, {"before": 10}, {"after": -1}],
)
def test_an_item_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="an item"):
        Item(**{"start": 0, "waveform": np.zeros((10, 1), np.float32), **wrong})


def test_items_out_of_order_or_beyond_the_clip_are_refused(tmp_path):
    late = Item(SECONDS * RATE - 5, noise(10, 1, 0))
    for items, sentence in (
        ([late], "within"),
        ([Item(5, late.waveform), Item(4, late.waveform)], "order"),
    ):
        layer = Layer("a", event_track([0.1]), 1, lambda: [], lambda items=items: items)
        session = make_session(tmp_path / "in", layers=(layer,))
        with pytest.raises(ValueError, match=sentence):
            write_handover(tmp_path / "out", session, ["stems"])
        assert not (tmp_path / "out").exists()


def test_a_stem_that_is_cut_off_at_full_scale_is_named(tmp_path):
    loud = Layer("loud", event_track([0.1]), 1, lambda: [np.full((100, 1), 2.0, np.float32)])
    session = make_session(tmp_path / "in", layers=(keys(), loud), notes=("A note.",))
    notes = writing.write_handover(tmp_path / "out", session, ["stems"], 24)
    assert notes[0] == "A note."
    assert notes[1].startswith("loud is up to 6.0 dB louder than full scale")
    assert all(note in (tmp_path / "out/HAND-OVER.txt").read_text() for note in notes)
    assert writing.write_handover(tmp_path / "float", session, ["stems"], 32) == ("A note.",)


def test_the_loudness_of_each_stem_is_measured(tmp_path):
    silent = Layer("nothing", EventTrack.empty(), 1, lambda: [])
    session = make_session(tmp_path / "in", layers=(steps(), keys(), silent))
    folder = write_handover(tmp_path / "out", session, ["stems"], 24)
    with (folder / "loudness.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["layer"]: row for row in csv.DictReader(file)}
    for name, slug in (("Steps / left", "Steps_left"), ("keys", "keys")):
        stem = read(folder / f"stems/{slug}.wav")
        measured = [float(value) for value in list(rows[name].values())[1:]]
        expected = pyloudnorm.Meter(RATE, filter_class="DeMan").integrated_loudness(stem)
        assert measured[0] == pytest.approx(expected, abs=0.1)
        assert 20 * np.log10(np.abs(stem).max()) <= measured[1] + 0.01
        assert measured[1] == pytest.approx(20 * np.log10(true_peak(stem)), abs=0.05)
        bext = WavInfoReader(folder / f"stems/{slug}.wav").bext
        assert bext.loudness_value == pytest.approx(measured[0], abs=0.006)
        assert bext.max_true_peak == pytest.approx(measured[1], abs=0.006)
        assert bext.loudness_range == pytest.approx(measured[2], abs=0.006)
    assert list(rows["nothing"].values())[1:] == ["", "", ""]
    text = (folder / "HAND-OVER.txt").read_text(encoding="utf-8")
    assert "nothing: 0 events, silent" in text
    assert f"keys: 5 events, {float(rows['keys']['integrated_lufs']):.1f} LUFS" in text


@pytest.mark.parametrize("name", ["a\udce9b", "tab\there", "bell\x07", "🎬 <&> ]]>", "'\"`", "   "])
def test_any_name_is_written_in_every_format(tmp_path, name):
    session = make_session(tmp_path / "in", layers=(replace(keys(), name=name),), name=name)
    folder = write_handover(tmp_path / "out", session, FORMATS)
    (stem,) = (folder / "stems").iterdir()
    assert WavInfoReader(stem).ixml.parsed.findtext("PROJECT") == shown(name)
    assert rpp.loads(next(folder.glob("*.rpp")).read_text(encoding="utf-8")).tag == "REAPER_PROJECT"
    timeline = opentimelineio.adapters.read_from_file(str(next(folder.glob("*.otio"))))
    assert timeline.name == shown(name)
    with aaf2.open(str(next(folder.glob("*.aaf")))) as file:
        assert next(file.content.compositionmobs()).name == shown(name)
    assert len(mido.MidiFile(next((folder / "midi").iterdir())).tracks) == 1
