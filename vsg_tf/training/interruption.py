"""Signals that ask a run to stop, turned into something to look at between two steps."""

import signal
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """While entered, the first SIGINT or SIGTERM is only noted; a second ends the process.

    Attributes:
        signal: number of the signal that came, None before.
    """

    def __init__(self):
        self.signal: int | None = None
        self._handlers: dict = {}

    def __enter__(self) -> "Interruption":
        self._handlers = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
