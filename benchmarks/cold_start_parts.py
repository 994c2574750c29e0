"""One `vsg generate` whose functions are timed from within, for `cold_start.py`.

    python benchmarks/cold_start_parts.py REPORT STARTED ARGUMENTS...

REPORT is written as JSON: seconds and CPU seconds (of all threads) by part. STARTED is the time
(s since the epoch) at which the process was asked for. At the end the same clip is rendered once
more in the same process.
"""

import functools
import importlib
import inspect
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Part, module, and the function or method in it. What one calls of another counts for the other.
TIMED = (
    ("model", "vsg_tf.inference.synthesizer", "load_networks"),
    ("model", "vsg_tf.inference.runtimes.onnx_networks", "OnnxNetworks._session"),
    ("networks", "vsg_tf.inference.runtimes.onnx_networks", "OnnxNetworks._run"),
    ("decoding", "vsg_tf.video.clip", "Clip.open"),
    ("decoding", "vsg_tf.video.clip", "Clip.frames"),
    ("flow", "vsg_tf.inference.synthesizer", "clip_features"),
    ("timing", "vsg_tf.inference.jobs", "find_timing"),
    ("reference", "vsg_tf.inference.synthesizer", "Synthesizer.voice"),
    ("rendering", "vsg_tf.inference.synthesizer", "Synthesizer.render"),
    ("rendering", "vsg_tf.inference.synthesizer", "watched"),
    ("writing", "vsg_tf.inference.sound_files", "write_sound"),
    ("writing", "vsg_tf.video.clip", "Clip.mux"),
)
AGAIN = "all of it once more, in the same process"
PARTS = ("start and imports", *dict.fromkeys(part for part, _, _ in TIMED), "other")


class Clock:
    """Time of the part that is at work; parts that called it wait meanwhile."""

    def __init__(self, started: float):
        self.parts = {part: [0.0, 0.0] for part in PARTS}
        self._stack = [PARTS[0]]
        self._last = (started, 0.0)

    def _charge(self) -> None:
        now = (time.time(), time.process_time())
        for index in range(2):
            self.parts[self._stack[-1]][index] += now[index] - self._last[index]
        self._last = now

    def enter(self, part: str) -> None:
        """Stop the clock of the part that was at work, and start another's."""
        self._charge()
        self._stack.append(part)

    def leave(self) -> None:
        """Go back to the part before."""
        self._charge()
        self._stack.pop()

    def become(self, part: str) -> None:
        """The outermost part is another from here on."""
        self._charge()
        self._stack[0] = part

    def timed(self, part: str, function: Callable) -> Callable:
        """The same function with its time counted, and that of a generator that it returns."""

        @functools.wraps(function)
        def call(*arguments, **named):
            self.enter(part)
            try:
                result = function(*arguments, **named)
            finally:
                self.leave()
            return self._steps(part, result) if inspect.isgenerator(result) else result

        return call

    def _steps(self, part: str, generator):
        while True:
            self.enter(part)
            try:
                value = next(generator)
            except StopIteration:
                return
            finally:
                self.leave()
            yield value


def main() -> None:
    """Run `vsg generate` and write the report."""
    report, started, *arguments = sys.argv[1:]
    clock = Clock(float(started))
    for part, module, place in TIMED:
        owner = importlib.import_module(module)
        *outer, name = place.split(".")
        for step in outer:
            owner = getattr(owner, step)
        found = inspect.getattr_static(owner, name)
        if isinstance(found, classmethod):
            setattr(owner, name, classmethod(clock.timed(part, found.__func__)))
        else:
            setattr(owner, name, clock.timed(part, found))
    from vsg_tf import generate
    from vsg_tf.command import run
    from vsg_tf.inference import jobs

    calls, run_job = [], jobs.run_job
    jobs.run_job = lambda *given: calls.append(given) or run_job(*given)
    clock.become("other")
    sys.argv = ["vsg generate", *arguments]
    try:
        run(generate.app)
    except SystemExit as end:
        if end.code:
            raise
    clock.become("other")
    parts = {part: list(times) for part, times in clock.parts.items()}
    # As a server or a studio would: the model and the reference are there already.
    synthesizer, voices, job, settings, *_ = calls[0]
    start = time.perf_counter(), time.process_time()
    run_job(synthesizer, voices, job, settings)
    parts[AGAIN] = [time.perf_counter() - start[0], time.process_time() - start[1]]
    Path(report).write_text(json.dumps(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
