"""An output appears whole or not at all."""

import errno
import os
import stat

import pytest

from vsg_tf.atomic import atomic_path, check_output
from vsg_tf.errors import InputError


def test_the_file_appears_at_the_end_with_usual_permissions(tmp_path):
    path = tmp_path / "new" / "folder" / "out.wav"
    with atomic_path(path) as temporary:
        assert temporary.suffix == ".wav"
        temporary.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    plain = tmp_path / "plain"
    plain.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert os.listdir(path.parent) == ["out.wav"]


@pytest.mark.parametrize("raised", [ValueError("x"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, raised):
    path = tmp_path / "out.wav"
    path.write_text("old")
    with pytest.raises(type(raised)), atomic_path(path, overwrite=True) as temporary:
        temporary.write_text("half")
        raise raised
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.wav"]


def test_overwrite_must_be_asked_for(tmp_path):
    path = tmp_path / "out.wav"
    path.write_text("old")
    with pytest.raises(InputError, match="exists; pass --overwrite"), atomic_path(path):
        pass
    with atomic_path(path, overwrite=True) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"


def test_a_full_disk_is_one_sentence(tmp_path):
    path = tmp_path / "out.wav"
    with pytest.raises(InputError, match="The disk is full"), atomic_path(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert os.listdir(tmp_path) == []


def test_a_folder_cannot_be_an_output(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        check_output(tmp_path)


def test_a_file_in_the_place_of_a_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="Cannot write"):
        check_output(tmp_path / "file" / "out.wav")
