"""The queue: bounded, fair, in batches of equal kind, and nobody gets another's answer."""

import threading
import time
from concurrent.futures import wait

import grpc
import numpy as np
import pytest

from vsg_tf.serving.batching import Batcher, BatchingOptions, Job
from vsg_tf.serving.refusal import Refusal


def _job(value, run, key="k", deadline=None, size=1):
    inputs = {"x": np.full(size, value, np.float32)}
    return Job(run=run, key=key, inputs=inputs, deadline=deadline)


def _double(arrays):
    return {"y": 2 * arrays["x"]}


class Gate:
    """A model that computes when it is told to."""

    def __init__(self):
        self.open, self.entered, self.batches = threading.Event(), threading.Event(), []

    def __call__(self, arrays):
        self.entered.set()
        assert self.open.wait(10)
        self.batches.append(list(arrays["x"]))
        return _double(arrays)


@pytest.fixture
def start():
    batchers = []

    def make(**options):
        batchers.append(Batcher(BatchingOptions(**options)))
        return batchers[-1]

    yield make
    for batcher in batchers:
        batcher.close()


def test_equal_kinds_share_a_batch_and_each_gets_its_part(start):
    batcher, gate = start(max_batch=4, workers=1, timeout_s=0), Gate()
    first = batcher.submit(_job(0, gate))
    gate.entered.wait(5)  # the worker is busy: the others gather
    jobs = [
        _job(1, gate, size=2), _job(9, gate, "other"), _job(2, gate),
        _job(3, gate, size=2), _job(4, gate),
    ]  # fmt: skip
    answers = [batcher.submit(job) for job in jobs]
    gate.open.set()
    results = [answer.result(5)["y"].tolist() for answer in answers]
    assert results == [[2, 2], [18], [4], [6, 6], [8]]
    assert first.result()["y"].tolist() == [0]
    assert gate.batches == [[0], [1, 1, 2, 4], [9], [3, 3]]


def test_a_batch_waits_for_companions_but_not_for_long(start):
    batcher, gate = start(max_batch=8, workers=1, timeout_s=0.2), Gate()
    gate.open.set()
    started = time.monotonic()
    answers = [batcher.submit(_job(value, gate)) for value in range(3)]
    wait(answers)
    assert 0.15 < time.monotonic() - started < 2
    assert gate.batches == [[0, 1, 2]]


def test_no_key_is_never_shared(start):
    batcher, gate = start(max_batch=8, workers=1, timeout_s=0.05), Gate()
    gate.open.set()
    wait([batcher.submit(_job(value, gate, key=None)) for value in range(3)])
    assert sorted(map(len, gate.batches)) == [1, 1, 1]


def test_a_full_queue_refuses(start):
    batcher, gate = start(max_queue=3, workers=1, max_batch=1), Gate()
    answers = [batcher.submit(_job(value, gate)) for value in range(3)]
    with pytest.raises(Refusal) as caught:
        batcher.submit(_job(3, gate))
    assert caught.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    gate.open.set()
    wait(answers)
    assert batcher.submit(_job(5, gate)).result(5)["y"].tolist() == [10]


def test_what_is_too_late_or_given_up_is_not_computed(start):
    batcher, gate = start(workers=1, max_batch=1), Gate()
    running = batcher.submit(_job(0, gate))
    gate.entered.wait(5)
    late = batcher.submit(_job(1, gate, deadline=time.monotonic() + 0.05))
    gone = batcher.submit(_job(2, gate))
    assert gone.cancel()
    time.sleep(0.1)
    gate.open.set()
    with pytest.raises(Refusal) as caught:
        late.result(5)
    assert caught.value.code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert running.result(5)["y"].tolist() == [0]
    batcher.submit(_job(3, gate)).result(5)
    assert gate.batches == [[0], [3]]
    assert batcher.depth == 0


def test_one_that_spoils_a_batch_spoils_nothing_for_the_others(start):
    def refuse_seven(arrays):
        if 7 in arrays["x"]:
            raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, "no sevens")
        return _double(arrays)

    batcher = start(max_batch=8, workers=1, timeout_s=0.1)
    answers = [batcher.submit(_job(value, refuse_seven)) for value in (6, 7, 8)]
    assert answers[0].result(5)["y"].tolist() == [12]
    assert answers[2].result(5)["y"].tolist() == [16]
    with pytest.raises(Refusal, match="no sevens"):
        answers[1].result(5)


def test_a_model_that_changes_the_batch_is_asked_one_by_one(start):
    batcher = start(max_batch=8, workers=1, timeout_s=0.1)
    answers = [batcher.submit(_job(v, lambda a: {"y": a["x"][:1] + len(a["x"])})) for v in (1, 2)]
    assert [answer.result(5)["y"].tolist() for answer in answers] == [[2], [3]]


def test_closing_computes_what_waits(start):
    batcher, gate = start(workers=2, max_batch=1), Gate()
    answers = [batcher.submit(_job(value, gate)) for value in range(6)]
    threading.Timer(0.1, gate.open.set).start()
    batcher.close()
    assert [answer.result(0)["y"].item() for answer in answers] == [0, 2, 4, 6, 8, 10]
    with pytest.raises(Refusal, match="stopping"):
        batcher.submit(_job(0, gate))
