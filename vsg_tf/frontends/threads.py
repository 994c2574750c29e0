"""How many threads a front end may use."""

import os


def worker_threads() -> int:
    """One in a worker process, which is told so by its environment; else as many as cores."""
    return int(os.environ.get("OMP_NUM_THREADS") or 0) or os.cpu_count() or 1
