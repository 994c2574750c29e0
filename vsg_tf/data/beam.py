"""Work by an Apache Beam runner instead of a process pool: on one machine or on many.

Shards are dealt out, and `shards.build_shard` is called on each; a finished one leaves a note
(`shard_notes`). A pipeline runs in a process of its own, which is given up as a whole: the local
runner waits without end for a worker that was killed.
"""

import contextlib
import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from vsg_tf.data.shard_notes import Result, read_notes
from vsg_tf.errors import InputError
from vsg_tf.extras import require

_LOOK_EVERY = 0.5  # s
_LOCAL = ("DirectRunner", "direct", "BundleBasedDirectRunner")


@dataclass(frozen=True)
class BeamRunner:
    """Where and how a pipeline runs.

    Args:
        options: Beam's pipeline options as `KEY=VALUE` or `KEY`, such as `runner=FlinkRunner`; the
            runner is the local DirectRunner unless told.
        workers: processes of the local runner; others have options of their own for it.
    """

    options: tuple[str, ...] = ()
    workers: int = 1

    def flags(self) -> list[str]:
        """As Beam's command line takes them.

        Raises:
            InputError: an option has no name.
        """
        given = dict(option.lstrip("-").partition("=")[::2] for option in self.options)
        if "" in given:
            raise InputError("A --beam-option is KEY=VALUE, such as runner=FlinkRunner.")
        given = {"runner": "DirectRunner", **given}
        if given["runner"] in _LOCAL:
            local = {"direct_num_workers": str(self.workers)}
            if self.workers > 1:
                local["direct_running_mode"] = "multi_processing"
            given = {**local, **given}
        return [f"--{key}={value}" if value else f"--{key}" for key, value in given.items()]


def shards_on_beam(
    runner: BeamRunner,
    builder: Any,
    folder: Path,
    settings_hash: str,
    jobs: Mapping[str, tuple[str, Sequence[Any]]],
) -> Iterator[Result]:
    """Build shards, and give each as soon as its note is there.

    Args:
        builder: picklable; item to examples. Beam's workers import this package.
        folder: of the shards; the same place for all workers.
        settings_hash: of the manifest.
        jobs: shard's name to its split and items.

    Raises:
        MissingExtraError: Beam is not installed.
        InputError: an option or the runner cannot be used, or a worker or the job died.
    """
    missing = set(jobs)
    tasks = [(name, split, list(items)) for name, (split, items) in jobs.items()]
    pipeline = "vsg_tf.data.beam_pipeline:run_pipeline"
    arguments = (builder, folder, settings_hash, tasks)
    for _ in watched(runner, pipeline, *arguments, finished=lambda: not missing):
        for name, result in read_notes(folder, settings_hash).items():
            if name in missing:
                missing.remove(name)
                yield result


def watched(
    runner: BeamRunner, pipeline: str, *arguments: Any, finished: Callable[[], bool]
) -> Iterator[None]:
    """Run a pipeline, and return from time to time to look at what it has made, also at its end.

    Args:
        runner: where.
        pipeline: `module:function`, called with the runner's flags and `arguments` where Beam is.
        arguments: picklable.
        finished: whether all is made that was wanted; asked at the end.

    Raises:
        MissingExtraError: Beam is not installed.
        InputError: an option or the runner cannot be used, or a worker or the job died.
    """
    require("apache_beam", "beam")
    flags = runner.flags()
    with _process(pipeline, flags, *arguments) as (process, line):
        while True:
            ended = not process.is_alive()  # asked before looking: what it made last is seen, too
            yield
            if ended:
                break
            process.join(_LOOK_EVERY)
        if process.exitcode or not finished():
            raise InputError(_reason(line, flags))


def _reason(line: Connection, flags: list[str]) -> str:
    with contextlib.suppress(EOFError, OSError):
        if line.poll():
            return f"The Beam job failed ({line.recv()}); what is finished is kept."
    return (
        f"A worker of the Beam job died ({' '.join(flags)}), likely for lack of memory; run the "
        "same command again, with fewer --workers; what is finished is kept."
    )


@contextlib.contextmanager
def _process(*arguments: Any) -> Iterator[tuple[multiprocessing.Process, Connection]]:
    context = multiprocessing.get_context("spawn")
    line, far_end = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(far_end, *arguments))
    process.start()
    far_end.close()
    try:
        yield process, line
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # with its workers
        process.kill()
        process.join()


def _run(line: Connection, pipeline: str, flags: list[str], *arguments: Any) -> None:
    os.setsid()
    threading.excepthook = _end_without_worker
    threading.Thread(target=_end_with_parent, daemon=True).start()
    module, _, function = pipeline.partition(":")
    try:
        getattr(importlib.import_module(module), function)(flags, *arguments)
    except BaseException as error:
        line.send(f"{type(error).__name__}: {error}".partition("\n")[0])
        os._exit(1)
    os._exit(0)


def _end_without_worker(details: threading.ExceptHookArgs) -> None:
    # All that the local runner does about a dead worker is to raise this in a thread.
    if isinstance(details.exc_value, RuntimeError) and "exited" in str(details.exc_value):
        os._exit(1)


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os.killpg(0, signal.SIGKILL)
