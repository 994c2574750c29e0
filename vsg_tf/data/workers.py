"""Worker processes that share the cores fairly: one numeric thread each."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from types import FrameType
from typing import Any

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

_state: Any = None


def worker_state() -> Any:
    """What this worker process was started with."""
    return _state


def _start_worker(state: Any) -> None:
    import cv2

    global _state  # noqa: PLW0603 - a process pool hands state to its workers no other way
    _state = state
    cv2.setNumThreads(1)
    # Ctrl-C reaches the whole group; the parent decides, and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)  # the parent was killed: nobody takes what is being made


@contextlib.contextmanager
def worker_pool(state: Any, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Spawned processes of one numeric thread each; their `worker_state()` is `state`.

    An exception inside the block ends them at once, whatever they are doing.
    """
    others = set(multiprocessing.active_children())
    saved = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), _start_worker, (state,)
    )
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _stop(number: int, _frame: FrameType | None) -> None:
    print("Stopped; the same command goes on from here.", file=sys.stderr)
    raise SystemExit(128 + number)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """SIGINT and SIGTERM leave the block with exit code 130 or 143 and one sentence."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    saved = {number: signal.signal(number, _stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in saved.items():
            signal.signal(number, handler)
