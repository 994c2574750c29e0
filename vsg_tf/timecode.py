"""Timecode: frame numbers as an editor writes them, in exact arithmetic (SMPTE ST 12-1).

Rates are rationals and frames are whole numbers, so that an hour has no drift. Timecode counts
frames as if the nominal rate (30 for 29.97) were true: at 30000/1001 frames a second, without drop
frame, 01:00:00:00 is 3603.6 s after 00:00:00:00. Drop frame leaves out the first 2 numbers (4 at
59.94) of every minute but each tenth, no frames, and so stays with the clock on average.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from vsg_tf.errors import InputError

NTSC = Fraction(1000, 1001)
STANDARD_RATES = {
    "23.976": 24 * NTSC,
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": 30 * NTSC,
    "30": Fraction(30),
    "47.952": 48 * NTSC,
    "48": Fraction(48),
    "50": Fraction(50),
    "59.94": 60 * NTSC,
    "60": Fraction(60),
}
_SPELT = {"23.98": "23.976", "47.95": "47.952"}  # as people round them
_DROPPED = {30 * NTSC: 2, 60 * NTSC: 4}  # numbers left out a minute
# A container's rate is this near to the one meant: 2997/100 and 23976/1000 are, 29.9 is not.
_SAME_RATE = Fraction(1, 10_000)
_TEXT = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;.,])(\d{2,3})")


def rounded(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@dataclass(frozen=True)
class TimecodeRate:
    """A rate at which timecode counts.

    Args:
        exact: frames per second: a whole number, or 1000/1001 of one.
        drop_frame: whether numbers are left out; 30000/1001 and 60000/1001 only.

    Raises:
        InputError: no timecode counts at this rate, or it has no drop frame.
    """

    exact: Fraction
    drop_frame: bool = False

    def __post_init__(self):
        whole = self.exact.denominator == 1 or (self.exact / NTSC).denominator == 1
        if not whole or not 1 <= self.exact <= 120:
            raise InputError(
                f"There is no timecode at {float(self.exact):g} frames per second; use one of "
                f"{', '.join(STANDARD_RATES)}."
            )
        if self.drop_frame and self.exact not in _DROPPED:
            raise InputError(
                f"Drop-frame timecode exists at 29.97 and 59.94 frames per second, not at {self}."
            )

    @property
    def nominal(self) -> int:
        """Frame numbers in a second of timecode, such as 30 for 30000/1001."""
        return self.exact.numerator if self.exact.denominator == 1 else int(self.exact / NTSC)

    @property
    def frames_a_day(self) -> int:
        """Frames in 24 hours of timecode."""
        minutes = 24 * 60
        return minutes * 60 * self.nominal - self._dropped * (minutes - minutes // 10)

    @property
    def _dropped(self) -> int:
        return _DROPPED[self.exact] if self.drop_frame else 0

    def __str__(self) -> str:
        for name, exact in STANDARD_RATES.items():
            if exact == self.exact:
                return name + (" drop frame" if self.drop_frame else "")
        return f"{float(self.exact):g}"

    def parse(self, text: str) -> int:
        """Frames since 00:00:00:00 of a timecode such as `01:00:00:00`.

        At a drop-frame rate `01:00:00;00` and `01:00:00:00` are the same.

        Raises:
            InputError: it is no timecode, or has a number that does not exist at this rate.
        """
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise InputError(
                f"{text!r} is no timecode; write hours:minutes:seconds:frames, such as 01:00:00:00."
            )
        hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
        if match[4] != ":" and not self.drop_frame:
            raise InputError(
                f"{text} is drop-frame timecode, which a rate of {self} has not; write it with "
                "colons only."
            )
        if hours > 23 or minutes > 59 or seconds > 59 or frames >= self.nominal:
            raise InputError(
                f"{text} does not exist: timecode at {self} ends with 23:59:59:"
                f"{self.nominal - 1:02d}."
            )
        if seconds == 0 and minutes % 10 and frames < self._dropped:
            raise InputError(
                f"{text} does not exist: drop frame leaves it out; the next is "
                f"{hours:02d}:{minutes:02d}:00;{self._dropped:02d}."
            )
        total = 60 * hours + minutes
        number = (60 * total + seconds) * self.nominal + frames
        return number - self._dropped * (total - total // 10)

    def format(self, frame: int) -> str:
        """Timecode of the frame `frame` after 00:00:00:00; it starts again after 24 hours."""
        number = frame % self.frames_a_day
        if self.drop_frame:
            a_minute = 60 * self.nominal - self._dropped
            ten_minutes = 10 * a_minute + self._dropped
            tens, rest = divmod(number, ten_minutes)
            # The first minute of ten is whole; each later one lacks its first numbers.
            later = max(0, (rest - self._dropped) // a_minute)
            number += self._dropped * (9 * tens + later)
        seconds, frames = divmod(number, self.nominal)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        separator = ";" if self.drop_frame else ":"
        return f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{frames:02d}"

    def seconds(self, frame: int) -> Fraction:
        """When the frame begins, in seconds after frame 0."""
        return frame / self.exact

    def samples(self, frame: int, sample_rate: int) -> int:
        """The sample nearest to the frame's beginning, counted from frame 0."""
        return rounded(self.seconds(frame) * sample_rate)

    def frame_at(self, seconds: Fraction) -> int:
        """The frame that is shown at `seconds` after frame 0."""
        exact = seconds * self.exact
        return exact.numerator // exact.denominator

    def nearest_frame(self, seconds: Fraction) -> int:
        """The frame whose beginning is nearest to `seconds` after frame 0."""
        return rounded(seconds * self.exact)


def exact_rate(rate: Fraction | float | str) -> Fraction:
    """The exact rate that is meant by what a person or a container writes, such as `29.97`.

    Raises:
        InputError: it is no rate, or not near to a standard one or a whole number up to 120.
    """
    text = str(rate).strip()
    try:
        value = Fraction(_SPELT.get(text, text))
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(
            f"{rate!r} is no frame rate; use one of {', '.join(STANDARD_RATES)}."
        ) from error
    near = (Fraction(rounded(value)), rounded(value / NTSC) * NTSC)
    for known in (*STANDARD_RATES.values(), *near):
        if 1 <= known <= 120 and abs(value - known) <= _SAME_RATE * known:
            return known
    raise InputError(
        f"There is no timecode at {float(value):g} frames per second; use one of "
        f"{', '.join(STANDARD_RATES)}."
    )


def timecode_rate(rate: Fraction | float | str, timecode: str | None = None) -> TimecodeRate:
    """The rate of a clip or a list; drop frame where `timecode` is written so (`01:00:00;00`).

    Raises:
        InputError: see `exact_rate`; or drop-frame timecode at a rate that has none.
    """
    drop_frame = timecode is not None and any(mark in timecode for mark in ";.,")
    return TimecodeRate(exact_rate(rate), drop_frame)
