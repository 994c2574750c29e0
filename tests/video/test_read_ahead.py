"""Reading ahead changes nothing but when things are made."""

import itertools
import threading

import pytest

from vsg_tf.video.read_ahead import read_ahead


@pytest.mark.parametrize("count", [0, 1, 5, 100])
def test_same_items_in_order(count):
    assert list(read_ahead(range(count))) == list(range(count))


def test_an_error_comes_after_the_items_before_it():
    def items():
        yield 1
        raise ValueError("broken")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="broken"):
        next(ahead)


def test_closing_ends_the_thread_and_what_it_read():
    ended = threading.Event()

    def items():
        try:
            yield from itertools.count()
        finally:
            ended.set()

    before = threading.active_count()
    ahead = read_ahead(items())
    assert next(ahead) == 0
    ahead.close()
    assert threading.active_count() == before
    assert ended.wait(5)


def test_it_is_not_far_ahead():
    made = []
    ahead = read_ahead(made.append(number) or number for number in range(1000))
    assert next(ahead) == 0
    assert len(made) < 50
    ahead.close()
