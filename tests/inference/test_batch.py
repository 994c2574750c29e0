"""Batches: every pair has an output of its own."""

import pytest

from vsg_tf.errors import InputError
from vsg_tf.inference.batch import folder_pairs, listed_pairs


def _touch(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def test_a_folder_with_one_reference(tmp_path):
    videos = _touch(tmp_path / "videos", "a.mp4", "a.webm", "b.MOV", ".hidden.mp4", "notes.txt")
    pairs = folder_pairs(videos, tmp_path / "wood.wav", tmp_path / "out")
    assert [pair.output.name for pair in pairs] == ["a.mp4", "a.webm.mkv", "b.MOV"]
    assert {pair.reference.name for pair in pairs} == {"wood.wav"}


def test_a_folder_of_references_is_matched_by_name(tmp_path):
    videos = _touch(tmp_path / "videos", "a.mp4", "b.mp4")
    sounds = _touch(tmp_path / "sounds", "a.flac")
    pairs = folder_pairs(videos, sounds, tmp_path / "out")
    assert [pair.reference.name for pair in pairs] == ["a.flac", "b.wav"]


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="holds no video files"):
        folder_pairs(_touch(tmp_path / "none"), tmp_path / "wood.wav", tmp_path / "out")


def test_a_list_takes_paths_from_its_own_folder(tmp_path):
    listing = tmp_path / "list.csv"
    listing.write_text("video,reference,output\n\na.mp4,r.wav,\n,,\nsub/b.avi,r.wav,c.mp4\n")
    pairs = listed_pairs(listing, tmp_path / "out")
    assert [pair.video for pair in pairs] == [tmp_path / "a.mp4", tmp_path / "sub" / "b.avi"]
    assert [pair.output.name for pair in pairs] == ["a.mp4", "c.mp4"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "lists no pairs"),
        ("video,reference\n", "lists no pairs"),
        ("video,reference\n\na.mp4,\n", "line 3 lacks a video or a reference"),
        ("video;reference\na.mp4;r.wav\n", "line 2 lacks a video or a reference"),
        ("video,reference\na.mp4,r.wav\nx/a.mp4,r.wav\n", "lines 2 and 3 both write"),
    ],
)
def test_bad_lists_are_one_sentence(tmp_path, text, sentence):
    listing = tmp_path / "list.csv"
    listing.write_text(text)
    with pytest.raises(InputError, match=sentence):
        listed_pairs(listing, tmp_path / "out")
