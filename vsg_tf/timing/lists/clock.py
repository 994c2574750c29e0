"""How the times of a list are counted: in seconds, in frames, or as timecode of the clip."""

import re
from dataclasses import dataclass
from fractions import Fraction

from vsg_tf.errors import InputError
from vsg_tf.timecode import timecode_rate

_FRAMES = re.compile(r"\s*([+-]?\d+)\s*f(?:r|rames?)?\s*", re.IGNORECASE)
_LONGEST = 1e6  # s


@dataclass(frozen=True)
class ListClock:
    """What a list's times are measured against.

    Args:
        duration_s: length of the clip in s, > 0.
        frame_rate: pictures per second, exact; None where there is no clip.
        timecode: of the clip's first picture; None where it has none: then that is 00:00:00:00.
    """

    duration_s: float
    frame_rate: Fraction | None = None
    timecode: str | None = None

    def moment(self, text: str, place: str) -> float:
        """Seconds after the first picture of a time such as `1.25`, `31f` or `01:00:01:06`.

        Args:
            text: as it is written; decimals after a point or a comma.
            place: where it is written, for the error.

        Raises:
            InputError: it is no time, it lies outside the clip, or it counts frames and there is no
                clip that says how long a frame is.
        """
        return self.within(self._seconds(text, place), place, text)

    def length(self, text: str, place: str) -> float:
        """Seconds of a duration such as `0.25` or `6f`; raises as `moment`."""
        value = self._seconds(text, place)
        if not 0 < value <= _LONGEST:
            raise InputError(f"{place}: a duration must be above 0, not {text.strip()}.")
        return value

    def within(self, seconds: float, place: str, text: str | None = None) -> float:
        """The same time, if the clip is that long.

        Args:
            seconds: after the first picture.
            place: where it is written, for the error.
            text: how it is written.

        Raises:
            InputError: it lies before the clip or beyond its end.
        """
        shown = f"{seconds:g} s" if text is None else text.strip()
        if not 0 <= seconds <= _LONGEST:
            if self.timecode is not None and text is not None and ":" in text:
                raise InputError(
                    f"{place}: {shown} is before the clip, which begins at {self.timecode}."
                )
            raise InputError(f"{place}: the time must be at least 0 and finite, not {shown}.")
        if seconds >= self.duration_s:
            raise InputError(
                f"{place}: the event at {shown} lies beyond the clip's end, which is at "
                f"{self.duration_s:.3f} s{self._counted(text)}; correct or remove it."
            )
        return seconds

    def _counted(self, text: str | None) -> str:
        if text is None or ":" not in text or self.timecode is not None:
            return ""
        return " (the clip has no timecode, so that 00:00:00:00 is its first picture)"

    def _seconds(self, text: str, place: str) -> float:
        frames = _FRAMES.fullmatch(text)
        if frames is not None:
            return float(int(frames[1]) / self._rate(text, place))
        if ":" in text:
            return self._timecode_seconds(text, place)
        return number(text, place)

    def _rate(self, text: str, place: str) -> Fraction:
        if self.frame_rate is None:
            raise InputError(
                f"{place}: {text.strip()} counts frames, which needs a clip (--video) whose frame "
                "rate is known; write seconds."
            )
        return Fraction(self.frame_rate)

    def _timecode_seconds(self, text: str, place: str) -> float:
        exact = self._rate(text, place)
        try:
            rate = timecode_rate(exact, self.timecode or text)
            start = 0 if self.timecode is None else rate.parse(self.timecode)
            frames = rate.parse(text) - start
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
        day = rate.frames_a_day
        if frames < 0 and rate.seconds(frames + day) < self.duration_s:
            frames += day  # the clip runs over midnight
        return float(rate.seconds(frames))


def number(text: str, place: str) -> float:
    """A number with a decimal point or a decimal comma.

    Raises:
        InputError: it is none, or not finite.
    """
    text = text.strip()
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 else text)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        raise InputError(f"{place}: {text!r} is no number.")
    return value
