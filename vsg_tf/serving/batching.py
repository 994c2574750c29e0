"""A bounded queue of requests; those of equal shapes are computed together."""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from vsg_tf.serving.refusal import overloaded, too_late

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class BatchingOptions:
    """How requests wait for each other.

    Args:
        max_batch: examples computed together; 1 computes every request alone.
        timeout_s: how long the first request of a batch waits for others.
        max_queue: requests that wait or run; more are refused.
        workers: batches computed at the same time.
    """

    max_batch: int = 8
    timeout_s: float = 0.0
    max_queue: int = 128
    workers: int = 2


@dataclass(eq=False)  # a request equals itself alone
class Job:
    """One request on its way.

    Args:
        run: computes arrays of any batch size.
        key: requests with equal keys may be computed together; None: alone.
        inputs: arrays by name, the batch in front where there is a key.
        deadline: by `time.monotonic`; None: whenever.
        answer: resolved with the outputs or an error, such as a `Refusal`.
    """

    run: Callable[[Arrays], Arrays]
    key: Hashable
    inputs: Arrays
    deadline: float | None
    arrived: float = field(default_factory=time.monotonic)
    answer: Future = field(default_factory=Future)

    @property
    def size(self) -> int:
        return len(next(iter(self.inputs.values()))) if self.key is not None else 1


class Batcher:
    """Worker threads over one queue.

    Args:
        options: see `BatchingOptions`.
        on_batch: told the number of requests of each batch.
    """

    def __init__(
        self, options: BatchingOptions, on_batch: Callable[[int], None] = lambda size: None
    ):
        self._options, self._on_batch = options, on_batch
        self._waiting: deque[Job] = deque()
        self._admitted = 0
        self._closed = False
        self._changed = threading.Condition()
        self._threads = [
            threading.Thread(target=self._work, name=f"batch-{number}", daemon=True)
            for number in range(options.workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def depth(self) -> int:
        """Requests that wait or run."""
        return self._admitted

    def submit(self, job: Job) -> Future:
        """Queue a request; its future may be cancelled as long as it waits.

        Raises:
            Refusal: RESOURCE_EXHAUSTED, the queue is full.
        """
        with self._changed:
            if self._closed:
                raise overloaded("The server is stopping; ask another one.")
            if self._admitted >= self._options.max_queue:
                raise overloaded(f"{self._admitted} requests are waiting already; try again later.")
            self._admitted += 1
            job.answer.add_done_callback(self._release)
            self._waiting.append(job)
            self._changed.notify_all()
        return job.answer

    def close(self) -> None:
        """Compute what is queued, then end the workers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _release(self, _: Future) -> None:
        with self._changed:
            self._admitted -= 1

    def _work(self) -> None:
        while self._compute_next():
            pass

    def _compute_next(self) -> bool:
        """A frame of its own, so that no worker holds on to old arrays while it waits."""
        batch = self._take()
        if batch is None:
            return False
        live = [job for job in batch if job.answer.set_running_or_notify_cancel()]
        if live:
            self._on_batch(len(live))
            _compute(live)
        return True

    def _take(self) -> list[Job] | None:
        """Wait for a batch that is full or has waited long enough; None: no more will come."""
        with self._changed:
            while True:
                self._drop_expired()
                pause = None
                for job in self._leaders():
                    batch = self._companions(job)
                    left = job.arrived + self._options.timeout_s - time.monotonic()
                    full = sum(member.size for member in batch) >= self._options.max_batch
                    if job.key is None or full or left <= 0 or self._closed:
                        for member in batch:
                            self._waiting.remove(member)
                        return batch
                    pause = left if pause is None else min(pause, left)
                if self._closed and not self._waiting:
                    return None
                self._changed.wait(pause)

    def _leaders(self) -> list[Job]:
        """The oldest request of each kind, the oldest first."""
        leaders: dict[Hashable, Job] = {}
        for job in self._waiting:
            leaders.setdefault(id(job) if job.key is None else job.key, job)
        return list(leaders.values())

    def _companions(self, leader: Job) -> list[Job]:
        if leader.key is None:
            return [leader]
        batch, size = [leader], leader.size
        for job in self._waiting:
            fits = size + job.size <= self._options.max_batch
            if job is not leader and job.key == leader.key and fits:
                batch.append(job)
                size += job.size
        return batch

    def _drop_expired(self) -> None:
        now = time.monotonic()
        kept: deque[Job] = deque()
        for job in self._waiting:
            if job.answer.cancelled():
                continue
            if job.deadline is not None and job.deadline <= now:
                if job.answer.set_running_or_notify_cancel():
                    job.answer.set_exception(too_late("The deadline passed in the queue."))
            else:
                kept.append(job)
        self._waiting = kept


def _compute(jobs: list[Job]) -> None:
    """Answer jobs of one key; where one of them spoils it for all, each is computed alone."""
    try:
        if len(jobs) == 1:
            outputs = [jobs[0].run(jobs[0].inputs)]
        else:
            outputs = _compute_together(jobs)
    except Exception as error:
        if len(jobs) == 1:
            jobs[0].answer.set_exception(error)
            return
        for job in jobs:
            _compute([job])
        return
    for job, output in zip(jobs, outputs, strict=True):
        job.answer.set_result(output)


def _compute_together(jobs: list[Job]) -> list[Arrays]:
    inputs = {name: np.concatenate([job.inputs[name] for job in jobs]) for name in jobs[0].inputs}
    outputs = jobs[0].run(inputs)
    ends = np.cumsum([job.size for job in jobs])
    if any(len(value) != ends[-1] for value in outputs.values()):
        raise ValueError("the model changed the batch size")
    starts = ends - [job.size for job in jobs]
    return [
        {name: value[start:stop] for name, value in outputs.items()}
        for start, stop in zip(starts, ends, strict=True)
    ]
