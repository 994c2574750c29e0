"""Batches: every pair has an output of its own."""

import pytest

from vsg_tf.errors import InputError
from vsg_tf.inference.batch import folder_jobs, listed_jobs, plan_jobs
from vsg_tf.timing.sources import TimingRequest


def _touch(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_a_folder_with_one_reference(tmp_path):
    videos = _touch(tmp_path / "videos", "a.mp4", "a.webm", "b.MOV", ".hidden.mp4", "notes.txt")
    jobs = folder_jobs(videos, [tmp_path / "wood.wav"], tmp_path / "out")
    assert [job.output.name for job in jobs] == ["a.mp4", "a.webm.mkv", "b.MOV"]
    assert {job.references[0].name for job in jobs} == {"wood.wav"}


def test_a_folder_of_references_is_matched_by_name(tmp_path):
    videos = _touch(tmp_path / "videos", "a.mp4", "b.mp4")
    sounds = _touch(tmp_path / "sounds", "a.flac")
    jobs = folder_jobs(videos, [sounds], tmp_path / "out")
    assert [job.references[0].name for job in jobs] == ["a.flac", "b.wav"]


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="holds no video files"):
        folder_jobs(_touch(tmp_path / "none"), [tmp_path / "wood.wav"], tmp_path / "out")


def test_a_list_takes_paths_from_its_own_folder(tmp_path):
    listing = tmp_path / "list.csv"
    listing.write_text("video,reference,output\n\na.mp4,r.wav,\n,,\nsub/b.avi,r.wav,c.mp4\n")
    jobs = listed_jobs(listing, tmp_path / "out")
    assert [job.video for job in jobs] == [tmp_path / "a.mp4", tmp_path / "sub" / "b.avi"]
    assert [job.output.name for job in jobs] == ["a.mp4", "c.mp4"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "lists no pairs"),
        ("video,reference\n", "lists no pairs"),
        ("video,reference\n\na.mp4,\n", "line 3 lacks a video or a reference"),
        ("video;reference\na.mp4;\n", "line 2 lacks a video or a reference"),
        ("video,reference,seed\na.mp4,r.wav,1\n", "unknown column 'seed'"),
        ("video,reference\na.mp4,r.wav,more\n", "line 2 cannot be read"),
        ("video,reference\na\0.mp4,r.wav\n", "line 2 cannot be read|must be a CSV file"),
        ("video,reference,events_in,guide\na.mp4,r.wav,e.csv,own\n", "both events_in and guide"),
        ("video,reference\na.mp4,r.wav\nx/a.mp4,r.wav\n", "lines 2 and 3 both write"),
    ],
)
def test_bad_lists_are_one_sentence(tmp_path, text, sentence):
    listing = tmp_path / "list.csv"
    listing.write_text(text)
    with pytest.raises(InputError, match=sentence):
        listed_jobs(listing, tmp_path / "out")


def test_a_list_may_come_from_a_spreadsheet(tmp_path):
    """Semicolons, spaces, a byte order mark, and columns with the files of each job."""
    listing = tmp_path / "list.csv"
    listing.write_bytes(
        b"\xef\xbb\xbfVideo; Reference; events_in; events_out; wav\r\n"
        b'a.mp4; "r; x.wav"; e.csv; heard.csv; a.flac\r\n'
    )
    (job,) = listed_jobs(listing, tmp_path / "out")
    assert job.video == tmp_path / "a.mp4" and job.references == (tmp_path / "r; x.wav",)
    assert job.timing == TimingRequest("list", tmp_path / "e.csv")
    assert job.events_out == tmp_path / "out" / "heard.csv"
    assert job.wav == tmp_path / "out" / "a.flac"


def test_folders_of_lists_and_guides_are_matched_by_name(tmp_path):
    videos = _touch(tmp_path / "videos", "a.mp4", "b.mp4")
    lists = _touch(tmp_path / "lists", "a.mid", "b.csv", "b.md")
    plan = plan_jobs(videos, [tmp_path / "r.wav"], tmp_path / "out")
    timed = plan.timed(lists, None)
    assert [job.timing.file for job in timed.jobs] == [lists / "a.mid", lists / "b.csv"]
    guides = _touch(tmp_path / "guides", "a.wav")
    timed = plan.timed(None, str(guides))
    assert timed.jobs[0].timing.file == guides / "a.wav"
    assert timed.jobs[1].timing.file.stem == "b", "its absence is the job's own error"
    own = plan.timed(None, "own")
    assert {job.timing.file for job in own.jobs} == {None}


def test_files_of_a_batch_are_named_as_the_results(tmp_path):
    videos = _touch(tmp_path / "videos", "a.mp4", "b.avi")
    plan = plan_jobs(videos, [tmp_path / "r.wav"], tmp_path / "out")
    plan = plan.listened(tmp_path / "wavs", tmp_path / "lists")
    assert [job.wav.name for job in plan.jobs] == ["a.wav", "b.avi.wav"]
    assert [job.events_out.parent.name for job in plan.jobs] == ["lists", "lists"]
    with pytest.raises(InputError, match="takes a folder in a batch"):
        plan.listened(tmp_path / "one.wav", None)


def test_each_reference_makes_a_result(tmp_path):
    sounds = [tmp_path / "wood.wav", tmp_path / "metal.flac"]
    plan = plan_jobs(tmp_path / "clip.mp4", sounds, tmp_path / "out", each_reference=True)
    assert plan.is_batch
    assert [job.output.name for job in plan.jobs] == ["clip-wood.mp4", "clip-metal.mp4"]
    assert [job.references for job in plan.jobs] == [(sounds[0],), (sounds[1],)]
    pooled = plan_jobs(tmp_path / "clip.mp4", sounds, tmp_path / "out.mp4")
    assert not pooled.is_batch and pooled.jobs[0].references == tuple(sounds)
    alone = plan_jobs(None, sounds, tmp_path / "out", each_reference=True)
    assert [job.output.name for job in alone.jobs] == ["sound-wood.wav", "sound-metal.wav"]
    with pytest.raises(InputError, match="one name"):
        plan_jobs(None, [sounds[0], tmp_path / "x" / "wood.flac"], tmp_path, None, True)
    with pytest.raises(InputError, match="names a file"):
        plan_jobs(tmp_path / "clip.mp4", sounds, tmp_path / "out.mp4", each_reference=True)
