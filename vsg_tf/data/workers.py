"""Worker processes that share the cores fairly: one numeric thread each."""

import contextlib
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
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


@contextlib.contextmanager
def worker_pool(state: Any, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Spawned processes of one numeric thread each; their `worker_state()` is `state`."""
    saved = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), _start_worker, (state,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
