"""`vsg generate` with everything that an editor takes along, read back by other libraries."""

import csv
import shutil
import subprocess
import sys
from fractions import Fraction

import aaf2
import av
import mido
import numpy as np
import opentimelineio
import pytest
import rpp
import soundfile
from wavinfo import WavInfoReader

from tests.handover.sessions import fade, read, worst_db
from tests.media_writing import hits, write_video
from vsg_tf import command, generate
from vsg_tf.events import EventTrack
from vsg_tf.handover.formats import FORMATS
from vsg_tf.timing.lists import read_timing, write_timing
from vsg_tf.timing.timing import Timing

TIMES = [0.1, 0.35, 0.4, 0.9]
RATE = 48_000


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A clip with sound of its own, a stereo reference and a list of events."""
    folder = tmp_path_factory.mktemp("hand_over")
    write_video(folder / "clip.mp4")
    sound = hits(44_100, 1.5, (0.1, 0.8))
    soundfile.write(folder / "wood.wav", np.stack([sound, 0.5 * sound], 1), 44_100)
    track = EventTrack(TIMES, [1, 0.5, 0.8, 0.7], [0.3, np.nan, 0.2, 0.3])
    write_timing(folder / "events.csv", Timing(1.2, track))
    return folder


def _vsg(monkeypatch, place, *arguments) -> int:
    """Run the command in this process, through the wrapper that makes errors sentences."""
    given = ["--video", place / "clip.mp4", "--reference", place / "wood.wav", *arguments]
    monkeypatch.setattr(sys, "argv", ["vsg generate", *map(str, given)])
    with pytest.raises(SystemExit) as caught:
        command.run(generate.app)
    return caught.value.code or 0


@pytest.fixture(scope="module")
def handed(place):
    """A hand-over of everything, made by the command in a process of its own."""
    arguments = ["--video", "clip.mp4", "--reference", "wood.wav", "--output", "o/result.mp4"]
    arguments += ["--events-in", "events.csv", "--hand-over", "taken", "--gain", "-3"]
    arguments += ["--sample-rate", RATE, "--start-timecode", "01:00:00:00", "--wav", "o/sound.wav"]
    subprocess.run(
        [sys.executable, "-m", "vsg_tf.generate", *map(str, arguments)], cwd=place, check=True
    )
    return place / "taken"


def _rows(element, name):
    return [row for row in element if isinstance(row, list) and row[0] == name]


def test_everything_is_there_and_the_result_too(handed, place):
    found = {str(path.relative_to(handed)) for path in handed.rglob("*") if path.is_file()}
    assert {
        "HAND-OVER.txt",
        "loudness.csv",
        "clip.rpp",
        "clip.aaf",
        "clip.otio",
        "midi/wood.mid",
        "markers/wood.txt",
        "markers/wood.csv",
        "stems/wood.wav",
        "items/wood/wood_0004.wav",
        "guide/guide.wav",
        "video/clip.mp4",
    } <= found
    text = (handed / "HAND-OVER.txt").read_text(encoding="utf-8")
    assert "The first picture is at 01:00:00:00, at 25 frames a second." in text
    assert all(form.says in text for form in FORMATS.values())
    with av.open(str(place / "o/result.mp4")) as container:
        assert container.streams.audio[0].rate == RATE


def test_the_stem_is_the_sound_that_was_made(handed, place):
    """The sound alone is written with 16 bits, and nothing in it had to be limited."""
    stem, sound = read(handed / "stems/wood.wav"), read(place / "o/sound.wav")
    assert stem.shape == sound.shape == (round(1.2 * RATE), 2)
    assert np.abs(sound).max() > 0.1
    assert worst_db(stem, sound) < 20 * np.log10(0.6 / 2**15)


def test_reaper_plays_the_stem(handed):
    project = rpp.loads((handed / "clip.rpp").read_text(encoding="utf-8"))
    tracks = {_rows(track, "NAME")[0][1]: track for track in project.findall("TRACK")}
    assert list(tracks) == ["Video", "Guide", "wood", "wood items", "wood stem"]
    stem = read(handed / "stems/wood.wav")
    total = np.zeros_like(stem)
    events, handles = 0, 0
    for item in tracks["wood items"].findall("ITEM"):
        value = {row[0]: row for row in item if isinstance(row, list)}
        sound = read(handed / _rows(item.find("SOURCE"), "FILE")[0][1])
        start, length, offset = (
            round(float(value[name][1]) * RATE) for name in ("POSITION", "LENGTH", "SOFFS")
        )
        fades = [round(float(value[name][2]) * RATE) for name in ("FADEIN", "FADEOUT")]
        heard = sound[offset : offset + length] * float(value["VOLPAN"][1])
        total[start : start + length] += heard * fade(length, *fades)
        if value["NAME"][1] != "wood rest":
            events += 1
            handles += len(sound) - length
    assert events == len(TIMES)
    assert handles > RATE  # there is more of the recording beside what is heard
    assert worst_db(total, stem) < -110
    markers = [float(row[2]) for row in _rows(project, "MARKER")]
    np.testing.assert_allclose(markers, TIMES, atol=0.5 / RATE)
    assert Fraction(_rows(project, "PROJOFFS")[0][1]) == 3600


def test_the_events_are_read_back(handed, place, monkeypatch):
    for name in ("midi/wood.mid", "markers/wood.txt", "markers/wood.csv", "stems/wood.wav"):
        times = read_timing(handed / name, 1.2).events.times
        np.testing.assert_array_equal(np.round(times * RATE), np.round(np.array(TIMES) * RATE))
    assert len(mido.MidiFile(handed / "midi/wood.mid").tracks[0]) > 2 * len(TIMES)
    # The list keeps takes and gains: played again, it gives the same sound.
    again = ["--output", place / "again.wav", "--events-in", handed / "markers/wood.csv"]
    again += ["--sample-rate", RATE, "--gain", -3, "--overwrite"]
    assert _vsg(monkeypatch, place, *again) == 0
    assert worst_db(read(place / "again.wav"), read(place / "o/sound.wav")) < -90


def test_the_other_sessions_open(handed):
    timeline = opentimelineio.adapters.read_from_file(str(handed / "clip.otio"))
    assert timeline.global_start_time.to_timecode() == "01:00:00:00"
    assert len(timeline.tracks.markers) == len(TIMES)
    with aaf2.open(str(handed / "clip.aaf")) as file:
        composition = next(file.content.compositionmobs())
        names = [slot.name for slot in composition.slots]
    assert {"Video", "Timecode", "Markers", "wood stem L", "wood items 1 R"} <= set(names)


def test_sound_files_say_at_which_timecode_they_begin(handed, place):
    for path in (place / "o/sound.wav", handed / "stems/wood.wav"):
        info = WavInfoReader(path)
        assert info.bext.time_reference == 3600 * RATE
        assert info.ixml.parsed.findtext("SPEED/TIMECODE_RATE") == "25/1"
        places = [cue.sample_offset for cue in info.cues.cues]
        assert places == [round(time * RATE) for time in TIMES]
    assert WavInfoReader(place / "o/sound.wav").fmt.bits_per_sample == 16
    assert WavInfoReader(handed / "stems/wood.wav").fmt.bits_per_sample == 24


def test_the_guide_is_the_clips_own_sound(handed):
    guide = read(handed / "guide/guide.wav")
    loud = np.flatnonzero(np.abs(guide).max(axis=1) > 0.2)
    assert loud[0] / RATE == pytest.approx(0.1, abs=0.03)


def test_loudness_is_reported(handed):
    with (handed / "loudness.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert -60 < float(row["integrated_lufs"]) < 0
    assert float(row["true_peak_dbtp"]) <= 0


@pytest.mark.parametrize(
    ("options", "files"),
    [
        (["--midi"], {"midi/wood.mid"}),
        (["--markers", "csv", "--markers", "audacity"], {"markers/wood.csv", "markers/wood.txt"}),
        (["--markers", "wav"], {"stems/wood.wav", "loudness.csv"}),
    ],
)
def test_what_is_named_is_written_beside_the_result(place, monkeypatch, options, files):
    output = place / "some.wav"
    shutil.rmtree(place / "some-hand-over", ignore_errors=True)
    arguments = ["--output", output, "--events-in", place / "events.csv", "--overwrite", *options]
    assert _vsg(monkeypatch, place, *arguments) == 0
    folder = place / "some-hand-over"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {"HAND-OVER.txt", *files}


@pytest.mark.parametrize("bit_depth", [16, 24, 32])
def test_bit_depths_of_sound_files(place, monkeypatch, bit_depth):
    arguments = ["--output", place / "deep.wav", "--events-in", place / "events.csv"]
    assert _vsg(monkeypatch, place, *arguments, "--bit-depth", bit_depth, "--overwrite") == 0
    info = soundfile.info(place / "deep.wav")
    assert info.subtype == {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}[bit_depth]
    assert info.samplerate == 44_100


def test_where_the_result_is_limited_the_stems_are_turned_down(place, monkeypatch, capsys):
    arguments = ["--output", place / "loud.wav", "--events-in", place / "events.csv", "--stems"]
    arguments += ["--gain", "12", "--hand-over", place / "loud", "--bit-depth", "24"]
    assert _vsg(monkeypatch, place, *arguments) == 0
    said = capsys.readouterr().err
    assert "lower than the result, so that nothing in them is limited" in said
    stem = read(place / "loud/stems/wood.wav")
    assert np.abs(stem).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--bit-depth", "20"], "bit depth must be 16, 24 or 32"),
        (["--sample-rate", "1000"], "sample rate must be from 8000 to 192000"),
        (["--start-timecode", "01:00:00:25"], "ends with 23:59:59:24"),
        (["--start-timecode", "01:00:00;00"], "Drop-frame timecode exists at 29.97 and 59.94"),
        (["--start-timecode", "soon"], "is no timecode"),
        (["--hand-over", "{place}"], "something else than a hand-over"),
        (["--hand-over", "{place}/clip.mp4"], "is a file; name a folder"),
        (["--output", "{place}/x/o.mp4", "--hand-over", "{place}/x"], "name another folder"),
        (["--output", "{place}/o.flac", "--bit-depth", "32"], "FLAC holds no floating point"),
        (["--session", "cubase"], "cubase"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_writes_nothing(
    place, monkeypatch, capsys, options, sentence
):
    before = sorted(place.rglob("*"))
    named = [option.format(place=place) for option in options]
    arguments = ["--output", place / "refused.mp4", "--events-in", place / "events.csv", *named]
    if "{place}" in options:
        arguments.append("--overwrite")
    assert _vsg(monkeypatch, place, *arguments) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert sentence in said
    assert "Traceback" not in said
    assert sorted(place.rglob("*")) == before


def test_an_existing_hand_over_is_refused(handed, place, monkeypatch, capsys):
    arguments = ["--output", place / "refused.mp4", "--events-in", place / "events.csv"]
    assert _vsg(monkeypatch, place, *arguments, "--hand-over", handed) == 2
    assert "pass --overwrite to replace it" in capsys.readouterr().err
    assert not (place / "refused.mp4").exists()


def test_a_timecode_without_a_clip_is_refused(place, monkeypatch, capsys):
    arguments = ["--reference", place / "wood.wav", "--events-in", place / "events.csv"]
    arguments += ["--seconds", 1, "--output", place / "alone.wav"]
    arguments += ["--start-timecode", "01:00:00:00"]
    monkeypatch.setattr(sys, "argv", ["vsg generate", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        command.run(generate.app)
    assert caught.value.code == 2
    assert "there is no clip; give --video" in capsys.readouterr().err


def test_a_batch_has_a_hand_over_for_each_result(place, monkeypatch):
    clips = place / "clips"
    clips.mkdir()
    for name in ("a", "b"):
        shutil.copy(place / "clip.mp4", clips / f"{name}.mp4")
    arguments = ["--video", clips, "--reference", place / "wood.wav", "--output", place / "batch"]
    arguments += ["--events-in", place / "events.csv", "--hand-over", place / "taken_batch"]
    monkeypatch.setattr(sys, "argv", ["vsg generate", *map(str, arguments), "--midi"])
    with pytest.raises(SystemExit) as caught:
        command.run(generate.app)
    assert not caught.value.code
    assert sorted(p.name for p in (place / "taken_batch").iterdir()) == ["a", "b"]
    assert (place / "taken_batch/b/midi/wood.mid").is_file()
