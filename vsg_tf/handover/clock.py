"""At which rate a session counts, and the number of its first picture."""

from dataclasses import dataclass
from fractions import Fraction

from vsg_tf.errors import InputError
from vsg_tf.timecode import STANDARD_RATES, TimecodeRate, exact_rate, timecode_rate

MIDNIGHT = "00:00:00:00"


@dataclass(frozen=True)
class SessionClock:
    """How a session counts.

    Args:
        rate: of its timecode.
        start_frame: number of the first picture, counted from 00:00:00:00.
        notes: sentences for the user.
    """

    rate: TimecodeRate
    start_frame: int
    notes: tuple[str, ...] = ()


def session_clock(
    frame_rate: Fraction, timecode: str | None = None, start_timecode: str | None = None
) -> SessionClock:
    """The clock of a session with a clip.

    Args:
        frame_rate: of the clip; the mean where its pictures do not come steadily.
        timecode: of its first picture; None: the file has none.
        start_timecode: what the user wants instead.

    Raises:
        InputError: `start_timecode` does not exist at this rate.
    """
    exact, notes = _countable(frame_rate)
    if start_timecode is not None:
        rate = timecode_rate(exact, start_timecode)
        return SessionClock(rate, rate.parse(start_timecode), notes)
    if timecode is not None:
        try:
            rate = timecode_rate(exact, timecode)
            return SessionClock(rate, rate.parse(timecode), notes)
        except InputError as error:
            notes = (*notes, f"The clip's own timecode is not used, and it starts at 0: {error}")
    return SessionClock(TimecodeRate(exact), 0, notes)


def _countable(frame_rate: Fraction) -> tuple[Fraction, tuple[str, ...]]:
    """The rate that timecode counts at, which for uneven pictures is the nearest usual one."""
    try:
        return exact_rate(frame_rate), ()
    except InputError:
        name, exact = min(STANDARD_RATES.items(), key=lambda known: abs(known[1] - frame_rate))
        note = (
            f"The clip has {float(frame_rate):.3f} pictures a second on average, at which no "
            f"timecode counts: the session counts at {name}. Sounds are placed by their time, so "
            "that they stay in sync."
        )
        return exact, (note,)
