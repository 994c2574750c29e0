"""Timecode at every rate: exact, both ways, and in step with the clock over hours."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsg_tf.errors import InputError
from vsg_tf.timecode import STANDARD_RATES, TimecodeRate, exact_rate, timecode_rate

RATES = [TimecodeRate(exact) for exact in STANDARD_RATES.values()]
DROP = [TimecodeRate(Fraction(30000, 1001), True), TimecodeRate(Fraction(60000, 1001), True)]


@given(st.sampled_from(RATES + DROP), st.integers(0, 24 * 3600 * 60))
def test_every_frame_reads_back(rate, frame):
    frame %= rate.frames_a_day
    assert rate.parse(rate.format(frame)) == frame


@pytest.mark.parametrize("rate", DROP, ids=str)
def test_drop_frame_counts_every_frame_once_and_in_order(rate):
    texts = [rate.format(frame) for frame in range(20 * 60 * rate.nominal)]
    assert texts == sorted(texts)
    assert len(set(texts)) == len(texts)


# An hour of timecode in samples at 48 kHz, as recorders write them.
@pytest.mark.parametrize(
    ("name", "text", "samples"),
    [
        ("23.976", "01:00:00:00", 172_972_800),
        ("24", "01:00:00:00", 172_800_000),
        ("25", "01:00:00:00", 172_800_000),
        ("29.97", "01:00:00:00", 172_972_800),
        ("29.97", "01:00:00;00", 172_799_827),  # 107892 frames * 1601.6 = 172799827.2
        ("30", "01:00:00:00", 172_800_000),
        ("50", "01:00:00:00", 172_800_000),
        ("59.94", "01:00:00:00", 172_972_800),
        ("59.94", "01:00:00;00", 172_799_827),
        ("60", "01:00:00:00", 172_800_000),
    ],
)
def test_an_hour_in_samples(name, text, samples):
    rate = timecode_rate(name, text)
    assert rate.samples(rate.parse(text), 48_000) == samples


def test_drop_frame_numbers_known_from_the_standard():
    rate = DROP[0]
    assert rate.format(1799) == "00:00:59;29"
    assert rate.format(1800) == "00:01:00;02"
    assert rate.format(17982) == "00:10:00;00"
    assert rate.parse("01:00:00;00") == 107_892
    assert rate.frames_a_day == 2_589_408
    assert DROP[1].format(3600) == "00:01:00;04"


@pytest.mark.parametrize("rate", RATES + DROP, ids=str)
def test_hours_of_frames_stay_on_their_samples(rate):
    """Adding up exact frame lengths for ten hours ends where the frame's own number says."""
    frames = rate.parse("10:00:00:00")
    assert rate.samples(frames, 48_000) == round(frames / rate.exact * 48_000)
    assert rate.frame_at(rate.seconds(frames)) == frames
    assert rate.frame_at(rate.seconds(frames) - Fraction(1, 10**9)) == frames - 1
    assert rate.nearest_frame(rate.seconds(frames) - Fraction(1, 10**9)) == frames


def test_timecode_starts_again_after_a_day():
    for rate in RATES + DROP:
        assert rate.parse(rate.format(rate.frames_a_day)) == 0


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("29.97", Fraction(30000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (Fraction(2997, 100), Fraction(30000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("23.9", None),
        (Fraction(19001, 317), Fraction(60000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
        (15, Fraction(15)),
        (Fraction(120000, 1001), Fraction(120000, 1001)),
    ],
)
def test_what_containers_write_is_read_as_what_they_mean(written, exact):
    if exact is None:
        with pytest.raises(InputError, match="no timecode at"):
            exact_rate(written)
    else:
        assert exact_rate(written) == exact


@pytest.mark.parametrize(
    ("rate", "text", "sentence"),
    [
        (RATES[2], "01:00:00", "no timecode"),
        (RATES[2], "a:b:c:d", "no timecode"),
        (RATES[2], "-1:00:00:00", "no timecode"),
        (RATES[2], "24:00:00:00", "ends with 23:59:59:24"),
        (RATES[2], "01:60:00:00", "ends with"),
        (RATES[2], "01:00:00:25", "ends with"),
        (RATES[2], "01:00:00;00", "drop-frame"),
        (DROP[0], "00:01:00;01", "next is 00:01:00;02"),
        (DROP[1], "00:09:00:03", "next is 00:09:00;04"),
    ],
)
def test_timecode_that_does_not_exist_is_refused(rate, text, sentence):
    with pytest.raises(InputError, match=sentence):
        rate.parse(text)


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(24000, 1001), Fraction(30)])
def test_drop_frame_exists_at_two_rates_only(rate):
    with pytest.raises(InputError, match=r"29\.97 and 59\.94"):
        TimecodeRate(rate, True)


@pytest.mark.parametrize("rate", [Fraction(2997, 100), Fraction(0), Fraction(500), Fraction(5, 2)])
def test_rates_without_timecode_are_refused(rate):
    with pytest.raises(InputError, match="no timecode at"):
        TimecodeRate(rate)


@pytest.mark.parametrize("text", ["fast", "", "1/0", "nan"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(InputError, match="no frame rate"):
        exact_rate(text)
