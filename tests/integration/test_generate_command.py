"""`vsg generate` over the whole corpus of odd files, as one batch, and its single-pair errors."""

import csv
import functools
import re
import subprocess
import sys

import av
import numpy as np
import pytest
import soundfile

from tests.media import MEDIA_CASES
from tests.media_writing import hits, write_video
from tests.vocoder_cases import add_vocoder, vocoder_beside
from vsg_tf import command, generate
from vsg_tf.config import load_config
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.model_files import save_model_dir
from vsg_tf.models.build import build_generator
from vsg_tf.timing.lists import read_timing


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a tiny untrained model, a good clip and a good reference."""
    folder = tmp_path_factory.mktemp("generate")
    config = load_config("configs/debug.yaml", ["audio.griffin_lim_iterations=4"])
    save_model_dir(folder / "model", build_generator(config), config, "A tiny untrained model.\n")
    write_video(folder / "clip.mp4")
    soundfile.write(folder / "hits.wav", hits(), 22050)
    return folder


PLACE = "the folder of the fixture"


@pytest.fixture(autouse=True)
def load_once(monkeypatch):
    """Loading takes seconds; the commands of this module share what they load."""
    load = functools.partial(_load, Synthesizer.load)
    monkeypatch.setattr(Synthesizer, "load", load)


_LOADED = {}


def _load(load, *arguments):
    if arguments not in _LOADED:
        _LOADED[arguments] = load(*arguments)
    return _LOADED[arguments]


def _vsg(monkeypatch, *arguments) -> int:
    """Run the command in this process, through the wrapper that makes errors sentences."""
    monkeypatch.setattr(sys, "argv", ["vsg generate", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        command.run(generate.app)
    return caught.value.code or 0


def _is_whole(path) -> bool:
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        lengths = [float(s.duration * s.time_base) for s in (video, audio) if s.duration]
        return len(lengths) < 2 or abs(lengths[0] - lengths[1]) < 0.05


def test_corpus_of_odd_files_as_a_batch(place, monkeypatch, capsys):
    media = place / "media"
    rows, expected = [], []
    for number, case in enumerate(MEDIA_CASES):
        folder = media / str(number)
        folder.mkdir(parents=True)
        path = case.build(folder)
        video, reference = place / "clip.mp4", place / "hits.wav"
        video, reference = (path, reference) if case.kind == "video" else (video, path)
        name = f"{number}.mkv"
        rows.append({"video": video, "reference": reference, "output": name})
        expected.append((case, name))
    assert len(rows) >= 40
    listing = place / "pairs.csv"
    with listing.open("w", newline="", errors="surrogateescape") as file:
        writer = csv.DictWriter(file, ["video", "reference", "output"])
        writer.writeheader()
        writer.writerows(rows)
    out = place / "batch"

    code = _vsg(monkeypatch, "--pairs", listing, "--output", out, "--model", place / "model")

    captured = capsys.readouterr()
    assert code == 2
    failed = [case for case, _ in expected if case.problem is not None]
    assert (
        f"{len(failed)} of {len(expected)} results could not be made; the others are written"
        in captured.err
    )
    sentences = {
        int(line.split("/")[0].strip("[")): line
        for line in captured.err.splitlines()
        if line.startswith("[")
    }
    for number, (case, name) in enumerate(expected, start=1):
        if case.problem is None:
            assert number not in sentences, f"{case.name}: {sentences[number]}"
            assert _is_whole(out / name), case.name
        else:
            assert re.search(case.problem, sentences.get(number, "")), case.name
            assert not (out / name).exists(), case.name
    assert {path.name for path in out.iterdir()} == {
        name for case, name in expected if case.problem is None
    }, "nothing half-written may stay"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--background", "2"], "The background must be from 0 to 1"),
        (["--background", "nan"], "The background must be"),
        (["--gain", "900"], "The gain must be"),
        (["--keep-original-audio", "99"], "--keep-original-audio) must be from -60 to 20"),
        (["--model", "nowhere"], "not a model folder"),
        (["--events-in", "none.csv"], "none.csv does not exist"),
        (["--features", "README.md"], "leave out --features"),
        (["--features", "rgb.pkl"], "rgb.pkl does not exist"),
        (["--pairs", "list.csv"], "either --pairs, or"),
        (["--output", "result.wmv"], "mp4"),
        (["--wav", "sound.mp3"], "end its name in .wav or .flac"),
        (["--seed", "-1"], "The seed must be 0 or above"),
        (["--follow", "1.1"], "must be from 0 to 1"),
        (["--offset", "1e9"], "The offset must be from"),
        (["--seconds", "2"], "--seconds is for a sound without a video"),
        (["--events-in", "a.csv", "--guide", "own"], "either --events-in or --guide"),
        (["--each-reference"], "names a file"),
        (["--guide-band", "200-2000"], "need a --guide"),
        (["--guide", "own", "--guide-band", "2000-200"], "the lower first"),
        (["--guide", "own", "--guide-band", "high"], "must be two numbers"),
        (["--guide", "own", "--guide-sensitivity", "2"], "sensitivity must be from 0 to 1"),
        (["--guide", "own", "--guide-track", "9"], "track 9"),
        (["--guide", "none.wav"], "none.wav does not exist"),
        (["--wav", "twice.wav", "--events-out", "twice.wav"], "Two outputs have the name"),
        (["--reference", "none.wav"], "none.wav does not exist"),
        (["--video", "tests"], "holds no video files"),
        (["--video", PLACE], "Several results go into a folder"),
    ],
)
def test_bad_options_are_one_sentence(place, monkeypatch, capsys, arguments, sentence):
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav"]
    basic += ["--output", place / "never.mp4", "--model", place / "model"]
    arguments = [place if each == PLACE else each for each in arguments]
    assert _vsg(monkeypatch, *basic, *arguments) == 2
    error = capsys.readouterr().err
    assert sentence in error and error.startswith("error: ") and error.count("\n") == 1
    assert not (place / "never.mp4").exists()


def test_existing_output_needs_overwrite(place, monkeypatch, capsys):
    target = place / "mine.mp4"
    target.write_bytes(b"mine")
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav"]
    basic += ["--output", target, "--model", place / "model"]
    assert _vsg(monkeypatch, *basic) == 2
    assert "pass --overwrite" in capsys.readouterr().err
    assert target.read_bytes() == b"mine"
    assert _vsg(monkeypatch, *basic, "--overwrite") == 0
    assert _is_whole(target)


def test_no_output_replaces_an_input(place, monkeypatch, capsys):
    before = {name: (place / name).read_bytes() for name in ("clip.mp4", "hits.wav")}
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav", "--overwrite"]
    basic += ["--model", place / "model"]
    for outputs in (
        ["--output", place / "clip.mp4"],
        ["--output", place / "never.mp4", "--wav", place / "hits.wav"],
    ):
        assert _vsg(monkeypatch, *basic, *outputs) == 2
        assert "is also an input" in capsys.readouterr().err
    assert {name: (place / name).read_bytes() for name in before} == before
    assert not (place / "never.mp4").exists()


def test_events_that_were_written_give_the_same_samples(place, monkeypatch):
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav"]
    basic += ["--model", place / "model"]
    listing = place / "heard.csv"
    heard = ["--output", place / "h1.mp4", "--wav", place / "h1.wav", "--events-out", listing]
    played = ["--output", place / "h2.mp4", "--wav", place / "h2.wav", "--events-in", listing]
    assert _vsg(monkeypatch, *basic, *heard) == 0
    assert _vsg(monkeypatch, *basic, *played) == 0
    assert (place / "h1.wav").read_bytes() == (place / "h2.wav").read_bytes()


def _played(place, name) -> list[float]:
    return list(read_timing(place / name, 60.0).events.times)


def test_a_guide_times_the_sound(place, monkeypatch):
    """A sketch of three hits, found to some milliseconds; one that is late is moved."""
    times = (0.31, 0.62, 0.8)
    soundfile.write(place / "sketch.wav", hits(seconds=0.98, times=times), 22050)
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav", "--overwrite"]
    basic += ["--model", place / "model", "--output", place / "guided.mp4"]
    guided = [*basic, "--guide", place / "sketch.wav", "--events-out", place / "guided.csv"]
    assert _vsg(monkeypatch, *guided) == 0
    np.testing.assert_allclose(_played(place, "guided.csv"), times, atol=0.01)
    assert _vsg(monkeypatch, *guided, "--guide-offset", "-60", "--guide-gap", "250") == 0
    np.testing.assert_allclose(_played(place, "guided.csv"), [0.25, 0.56], atol=0.01)


def test_a_guide_that_is_played_again_from_its_list_gives_the_same_bytes(place, monkeypatch):
    soundfile.write(place / "again.wav", hits(seconds=0.98, times=(0.2, 0.5)), 22050)
    basic = ["--reference", place / "hits.wav", "--model", place / "model", "--overwrite"]
    first = ["--guide", place / "again.wav", "--output", place / "one.wav"]
    first += ["--events-out", place / "again.csv"]
    assert _vsg(monkeypatch, *basic, *first) == 0
    second = ["--events-in", place / "again.csv", "--seconds", "0.98"]
    assert _vsg(monkeypatch, *basic, *second, "--output", place / "two.wav") == 0
    assert (place / "one.wav").read_bytes() == (place / "two.wav").read_bytes()


def test_all_outputs_of_one_pair(place, monkeypatch):
    from tests.event_lists import read_events, write_events
    from vsg_tf.events import EventTrack

    track = EventTrack(np.array([0.2, 0.6]), np.array([1.0, 0.5]), np.array([0.2, 0.2]))
    write_events(place / "in.csv", track)
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav"]
    basic += ["--model", place / "model", "--events-in", place / "in.csv"]
    waves = []
    for name in ("a", "b"):
        outputs = ["--output", place / f"{name}.mp4", "--wav", place / f"{name}.wav"]
        outputs += ["--events-out", place / f"{name}.csv"]
        assert _vsg(monkeypatch, *basic, *outputs) == 0
        waves.append((place / f"{name}.wav").read_bytes())
    assert waves[0] == waves[1], "same input and seed: same bytes"
    np.testing.assert_allclose(read_events(place / "a.csv").to_array(), track.to_array())


def test_a_vocoder_lies_beside_the_generator_or_is_a_sentence(place, monkeypatch, capsys):
    folder, target = place / "model", place / "vocoded.mp4"
    basic = ["--video", place / "clip.mp4", "--reference", place / "hits.wav", "--model", folder]
    basic += ["--output", target, "--wav", place / "vocoded.wav", "--renderer", "vocoder"]

    def refused(sentence):
        assert _vsg(monkeypatch, *basic) == 2
        error = capsys.readouterr().err
        assert sentence in error and error.count("\n") == 1
        assert not target.exists()

    refused("model holds no vocoder: it has no vocoder.yaml; copy")
    config = load_config(folder / "config.yaml")
    other = config.model_copy(update={"audio": config.audio.model_copy(update={"f_min": 50.0})})
    add_vocoder(folder, vocoder_beside(other))
    refused(f"audio.f_min is 50.0 in vocoder.yaml and {config.audio.f_min} in config.yaml")
    add_vocoder(folder, vocoder_beside(config))
    assert _vsg(monkeypatch, *basic) == 0
    assert _is_whole(target)
    sound, _ = soundfile.read(place / "vocoded.wav")
    assert np.abs(sound).max() > 1e-3


def test_command_in_its_own_process_shows_no_traceback(place):
    command = [sys.executable, "-m", "vsg_tf.generate", "--video", str(place / "none.mp4")]
    command += ["--reference", str(place / "hits.wav"), "--output", str(place / "o.mp4")]
    result = subprocess.run(
        [*command, "--model", str(place / "model")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "none.mp4" in result.stderr
