"""An output appears whole or not at all."""

import errno
import os
import stat

import pytest

from vsg_tf.atomic import atomic_path, check_output, check_outputs, scratch_folder
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


def test_a_device_or_an_impossible_name_cannot_be_an_output(tmp_path):
    with pytest.raises(InputError, match="is not a plain file"):
        check_output(os.devnull, overwrite=True)
    with pytest.raises(InputError, match="Cannot write"):
        check_output(tmp_path / ("n" * 300))


def test_checking_creates_nothing(tmp_path):
    check_output(tmp_path / "new" / "folder" / "out.wav")
    assert os.listdir(tmp_path) == []


def test_outputs_must_differ_from_each_other_and_from_the_inputs(tmp_path):
    original, link = tmp_path / "clip.mp4", tmp_path / "link.mp4"
    original.touch()
    link.symlink_to(original)
    check_outputs([tmp_path / "a", tmp_path / "b"], [original])
    for output in (original, link, tmp_path / "x" / ".." / "clip.mp4"):
        with pytest.raises(InputError, match="is also an input"):
            check_outputs([output], [original], overwrite=True)
    with pytest.raises(InputError, match="Two outputs have the name"):
        check_outputs([tmp_path / "a", tmp_path / "a"], overwrite=True)


def test_scratch_folder_is_removed_and_a_full_disk_is_one_sentence(tmp_path):
    with scratch_folder(tmp_path / "new" / "out.mp4") as folder:
        (folder / "part").write_text("x")
        assert folder.parent == tmp_path / "new"
    assert os.listdir(tmp_path / "new") == []
    with pytest.raises(InputError, match="The disk is full"), scratch_folder(tmp_path / "o"):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(InputError, match="Cannot write"), scratch_folder("/proc/out.mp4"):
        pass
