import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.systems import load_systems, split_name


def test_names_of_their_own():
    assert split_name("mine=runs/a/model") == ("mine", "runs/a/model")
    assert split_name("runs/a=b/model") == (None, "runs/a=b/model")
    assert list(load_systems(["silence", "quiet=silence"])) == ["silence", "quiet"]


def test_one_name_twice_and_unknown_names():
    with pytest.raises(InputError, match="Two systems are called 'silence'"):
        load_systems(["silence", "silence"])
    with pytest.raises(InputError, match="no system"):
        load_systems(["nothing-of-the-kind"])
