"""Batches on an Apache Beam runner: every job is told of, and files are those of one process."""

import pytest
import soundfile
from typer.testing import CliRunner

from tests.media_writing import hits, write_video
from vsg_tf.errors import InputError
from vsg_tf.generate import app
from vsg_tf.inference.beam_jobs import Ending, read_ending, write_ending


def _batch(folder, *more):
    arguments = ["--pairs", str(folder / "pairs.csv"), "--output", str(folder / "out"), *more]
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def pairs(tmp_path):
    """Two good pairs, and one whose reference is missing."""
    write_video(tmp_path / "clip.mp4")
    soundfile.write(tmp_path / "hits.wav", hits(), 22050)
    rows = ["clip.mp4,hits.wav,a.wav", "clip.mp4,nothing.wav,b.wav", "clip.mp4,hits.wav,c.wav"]
    (tmp_path / "pairs.csv").write_text("\n".join(["video,reference,output", *rows]) + "\n")
    return tmp_path


def test_an_ending_is_read_as_it_was_written(tmp_path):
    assert read_ending(tmp_path, 3) is None
    for ending in (Ending(3, None, ("a note",)), Ending(4, "It is silent.")):
        write_ending(tmp_path, ending)
        assert read_ending(tmp_path, ending.number) == ending


def test_options_that_need_a_runner_are_refused_without(pairs):
    error = _batch(pairs, "--beam-option", "runner=FlinkRunner").exception
    assert isinstance(error, InputError) and "need --runner beam" in str(error)
    error = _batch(pairs, "--runner", "beam", "--server", "localhost:1").exception
    assert isinstance(error, InputError) and "without --server" in str(error)


def test_workers_write_what_one_process_writes(pairs):
    pytest.importorskip("apache_beam", reason="the extra [beam] has an environment of its own")
    alone = _batch(pairs)
    first = {name: (pairs / "out" / name).read_bytes() for name in ("a.wav", "c.wav")}
    many = _batch(pairs, "--runner", "beam", "--workers", "2", "--overwrite")
    for result in (alone, many):
        assert isinstance(result.exception, InputError), result.exception
        assert "1 of 3 results could not be made" in str(result.exception)
        assert "nothing.wav" in result.output
    assert not (pairs / "out" / "b.wav").exists()
    assert {name: (pairs / "out" / name).read_bytes() for name in first} == first
    assert [path for path in (pairs / "out").iterdir() if path.name.startswith(".")] == []
