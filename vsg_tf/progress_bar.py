"""How far long work is, on a terminal."""

import sys
import time
from types import TracebackType
from typing import TextIO

PATIENCE = 1.0  # s before anything is shown; what is done sooner needs no bar
WIDTH = 30  # characters
#: Shares of the stages of one rendering in its time.
STAGES = {"picture": (0.0, 0.7), "sound": (0.7, 0.3)}


class ProgressBar:
    """A bar with the time left on standard error, where that is a terminal.

    Called with a stage and how far it is, 0 to 1, as `vsg_tf.inference.watching.Progress`.
    """

    def __init__(self, stream: TextIO | None = None):
        self._stream = sys.stderr if stream is None else stream
        self._start = time.monotonic()
        self._shown = False
        self._first, self._share = 0.0, 1.0

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._clear()

    def part(self, number: int, count: int) -> None:
        """What follows is the part `number` of `count` parts of the work, from 0."""
        self._first, self._share = number / count, 1 / count

    def __call__(self, stage: str, done: float) -> None:
        first, share = STAGES[stage]
        total = self._first + self._share * (first + share * done)
        passed = time.monotonic() - self._start
        if passed < PATIENCE or not self._stream.isatty() or total <= 0:
            return
        left = passed / total - passed
        filled = round(WIDTH * total)
        bar = "#" * filled + "." * (WIDTH - filled)
        self._stream.write(f"\r{bar} {total:4.0%}, {_clock(left)} left\x1b[K")
        self._stream.flush()
        self._shown = True

    def print(self, text: str, stream: TextIO | None = None) -> None:
        """Print a line above the bar, on standard output unless told otherwise."""
        self._clear()
        print(text, file=sys.stdout if stream is None else stream, flush=True)

    def _clear(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False


def _clock(seconds: float) -> str:
    """Seconds as minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
