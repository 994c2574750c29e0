"""What a person sees while training runs."""

import statistics
import time
from collections import deque
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def format_terms(terms: Mapping[str, float]) -> str:
    """`name value` pairs in one line, four significant digits."""
    return "  ".join(f"{name} {value:.4g}" for name, value in terms.items())


RECENT_STEPS = 50


class TrainingProgress:
    """A progress bar on a terminal, plain lines elsewhere (a file, a job's log).

    Use as a context manager around the loop.

    Args:
        steps: total steps.
        batch_size: clips a step, over all devices; for clips per second.
        console: where to write; standard error unless told.
    """

    def __init__(self, steps: int, batch_size: int, console: Console | None = None):
        self.steps = steps
        self.batch_size = batch_size
        self.console = console or Console(stderr=True)
        self._bar: Progress | None = None
        self._last = time.monotonic()
        self._durations: deque[float] = deque(maxlen=RECENT_STEPS)

    def __enter__(self) -> "TrainingProgress":
        if self.console.is_terminal:
            self._bar = Progress(
                TextColumn("step {task.completed}/{task.total}"),
                BarColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[terms]}"),
                console=self.console,
            )
            self._task = self._bar.add_task("training", total=self.steps, terms="")
            self._bar.start()
        return self

    def __exit__(self, *_) -> None:
        if self._bar is not None:
            self._bar.stop()

    def start(self, step: int) -> None:
        """Count from `step`."""
        self._last = time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, completed=step)

    def advance(self, step: int) -> None:
        """`step` steps are done."""
        now = time.monotonic()
        self._durations.append(now - self._last)
        self._last = now
        if self._bar is not None:
            self._bar.update(self._task, completed=step)

    def clips_per_second(self) -> float:
        """Median speed of recent steps, which tracing and validating do not disturb; 0 before."""
        if len(self._durations) < 2:
            return 0.0
        return self.batch_size / statistics.median(self._durations)

    def losses(self, step: int, terms: Mapping[str, float]) -> None:
        """Show the loss terms of one step."""
        speed = self.clips_per_second()
        text = format_terms(terms)
        if self._bar is not None:
            self._bar.update(self._task, terms=f"{text}  {speed:.3g} clips/s")
            return
        left = (self.steps - step) * self.batch_size / speed if speed else 0.0
        self.say(f"step {step}/{self.steps}  {text}  {speed:.3g} clips/s  {left:.0f} s left")

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)
