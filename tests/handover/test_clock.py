"""At which rate a session counts, and from where."""

from fractions import Fraction

import pytest

from vsg_tf.errors import InputError
from vsg_tf.handover.clock import session_clock

NTSC = Fraction(30000, 1001)


def _shown(clock):
    return str(clock.rate), clock.rate.format(clock.start_frame)


@pytest.mark.parametrize(
    ("rate", "timecode", "wanted", "shown"),
    [
        (Fraction(25), None, None, ("25", "00:00:00:00")),
        (Fraction(25), "10:00:00:00", None, ("25", "10:00:00:00")),
        (Fraction(25), "10:00:00:00", "01:00:00:00", ("25", "01:00:00:00")),
        (NTSC, None, None, ("29.97", "00:00:00:00")),
        (NTSC, "01:00:00;00", None, ("29.97 drop frame", "01:00:00;00")),
        (NTSC, "01:00:00;00", "02:00:00:00", ("29.97", "02:00:00:00")),
        (Fraction(2997, 100), None, "01:00:00;02", ("29.97 drop frame", "01:00:00;02")),
        (Fraction(15), None, None, ("15", "00:00:00:00")),
    ],
)
def test_the_users_timecode_comes_before_the_clips(rate, timecode, wanted, shown):
    clock = session_clock(rate, timecode, wanted)
    assert _shown(clock) == shown
    assert clock.notes == ()


def test_pictures_that_come_unevenly_are_counted_at_the_nearest_rate_and_it_is_said():
    clock = session_clock(Fraction(2983, 100), None, "01:00:00:00")
    assert _shown(clock) == ("29.97", "01:00:00:00")
    assert "29.830 pictures a second" in clock.notes[0]


def test_a_clips_timecode_that_cannot_be_is_left_out_and_it_is_said():
    clock = session_clock(Fraction(25), "01:00:00:29")
    assert _shown(clock) == ("25", "00:00:00:00")
    assert "01:00:00:29 does not exist" in clock.notes[0]


@pytest.mark.parametrize(
    ("rate", "wanted", "sentence"),
    [
        (Fraction(25), "01:00:00;00", "Drop-frame timecode exists at 29.97 and 59.94"),
        (Fraction(25), "01:00:00:25", "ends with 23:59:59:24"),
        (NTSC, "01:01:00;00", "drop frame leaves it out"),
        (Fraction(25), "one o'clock", "is no timecode"),
    ],
)
def test_a_timecode_that_does_not_exist_is_refused(rate, wanted, sentence):
    with pytest.raises(InputError, match=sentence):
        session_clock(rate, "00:00:00:00", wanted)
