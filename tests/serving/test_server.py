"""What our server adds to TensorFlow Serving's promises: limits, overload, health, metrics."""

import json
import logging
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serving.conftest import running
from tests.serving.exports import check_answer, question
from tests.serving.memory import resident_bytes
from vsg_tf.errors import InputError, ServerError
from vsg_tf.serving import protocol
from vsg_tf.serving.batching import BatchingOptions
from vsg_tf.serving.client import Client
from vsg_tf.serving.logs import JsonFormatter
from vsg_tf.serving.validation import Limits

SLOW = {"seconds": [0.5], "x": [1.0]}


def _refused(client, code: str, signature="serving_default", **inputs) -> str:
    with pytest.raises(ServerError) as caught:
        client.predict(signature, inputs)
    assert caught.value.code == code, caught.value
    return str(caught.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite(served, value):
    inputs = question(0)
    inputs["x"][0, 1, 2] = value
    assert "NaN" in _refused(served[1], "INVALID_ARGUMENT", **inputs)


def test_empty_and_unequal_batches(served):
    empty = {"x": np.zeros([0, 5, 3], np.float32), "scale": np.zeros(0, np.float32)}
    assert "empty batch" in _refused(served[1], "INVALID_ARGUMENT", **empty)
    unequal = {**question(0), "scale": np.ones(2, np.float32)}
    assert "one batch size" in _refused(served[1], "INVALID_ARGUMENT", **unequal)


def test_sentences_name_what_is_wrong(served):
    inputs = question(0)
    assert "did you mean 'scale'" in _refused(
        served[1], "INVALID_ARGUMENT", x=inputs["x"], scales=inputs["scale"]
    )
    assert "[any, any, 3], not [5, 3]" in _refused(
        served[1], "INVALID_ARGUMENT", x=inputs["x"][0], scale=inputs["scale"]
    )
    assert "must be float, not double" in _refused(
        served[1], "INVALID_ARGUMENT", x=np.zeros([1, 5, 3]), scale=inputs["scale"]
    )
    assert "describe, from_bytes" in _refused(served[1], "NOT_FOUND", signature="nothing")


def test_absurd_sizes(export):
    limits = Limits(batch=2, frames=100, samples=1000, values=10_000, string_bytes=100)
    with running(export, limits=limits) as (_, client):
        check_answer(question(1, 2, 100), client.predict("serving_default", question(1, 2, 100)))
        for inputs in (question(0, batch=3), question(0, length=101)):
            assert "at most" in _refused(client, "INVALID_ARGUMENT", **inputs)
        assert "at most" in _refused(
            client, "INVALID_ARGUMENT", signature="read_wav", wav=[b"x" * 101]
        )
        assert "at most" in _refused(
            client, "INVALID_ARGUMENT", signature="join", words=[[b""] * 101]
        )


def test_a_tensor_that_is_larger_than_it_says_uses_no_memory(served):
    request = protocol.PredictRequest()
    request.model_spec.name = "default"
    tensor = request.inputs["x"]
    tensor.dtype = 1
    for size in (60, 16_000, 3):
        tensor.tensor_shape.dim.add(size=size * 1000)
    tensor.float_val.append(1.0)  # which stands for all of them
    request.inputs["scale"].CopyFrom(tensor)
    before = resident_bytes()
    with grpc.insecure_channel(served[1].address) as channel:
        call = channel.unary_unary(
            f"/{protocol.PREDICTION_SERVICE}/Predict",
            protocol.PredictRequest.SerializeToString,
            protocol.PredictResponse.FromString,
        )
        with pytest.raises(grpc.RpcError) as caught:
            call(request, timeout=10)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert resident_bytes() - before < 50e6


def test_overload_is_refused_at_once_and_passes(export):
    batching = BatchingOptions(max_batch=1, max_queue=2, workers=1)
    with running(export, batching=batching) as (server, client):
        with ThreadPoolExecutor(2) as threads:
            slow = [threads.submit(client.predict, "slow", SLOW) for _ in range(2)]
            while server.batcher.depth < 2:
                time.sleep(0.01)
            started = time.monotonic()
            sentence = _refused(client, "RESOURCE_EXHAUSTED", **question(0))
            assert "try again later" in sentence
            assert client.is_ready(), "health is answered under load"
            assert time.monotonic() - started < 0.4
            assert all(answer.result()["y"].tolist() == [1.0] for answer in slow)
        check_answer(question(3), client.predict("serving_default", question(3)))


def test_a_request_whose_deadline_passed_in_the_queue_is_not_computed(export):
    batching = BatchingOptions(max_batch=1, workers=1)
    with running(export, batching=batching) as (server, client):
        with ThreadPoolExecutor(1) as threads:
            slow = threads.submit(client.predict, "slow", SLOW)
            while server.batcher.depth < 1:
                time.sleep(0.01)
            with pytest.raises(ServerError) as caught:
                client.predict("slow", {"seconds": [30.0], "x": [1.0]}, timeout_s=0.1)
            assert caught.value.code == "DEADLINE_EXCEEDED"
            slow.result()
        started = time.monotonic()
        client.predict("describe", {})
        assert time.monotonic() - started < 5, "the 30 s were not computed"


def test_requests_of_one_shape_are_computed_together(export):
    batching = BatchingOptions(max_batch=4, timeout_s=0.5, workers=1)
    with running(export, batching=batching) as (_, client), ThreadPoolExecutor(4) as threads:
        questions = [{"seconds": [0.01], "x": [float(number)]} for number in range(4)]
        answers = list(threads.map(lambda inputs: client.predict("slow", inputs), questions))
    assert [answer["y"].item() for answer in answers] == [0, 1, 2, 3]
    assert [answer["batch"].item() for answer in answers] == [4] * 4


def test_stopping_answers_what_runs_and_refuses_what_comes(export):
    with running(export) as (server, client), ThreadPoolExecutor(1) as threads:
        slow = threads.submit(client.predict, "slow", SLOW)
        while server.batcher.depth < 1:
            time.sleep(0.01)
        stopping = threading.Thread(target=server.stop, args=(10,))
        stopping.start()
        time.sleep(0.1)
        with Client(client.address, retries=False) as late:
            assert not late.is_ready()
            with pytest.raises(ServerError) as caught:
                late.predict("describe", {})
            assert caught.value.code in ("UNAVAILABLE", "RESOURCE_EXHAUSTED")
        assert slow.result()["y"].tolist() == [1.0]
        stopping.join()


def test_reflection_lists_and_describes_the_services(served):
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
        ProtoReflectionDescriptorDatabase,
    )

    with grpc.insecure_channel(served[1].address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        names = database.get_services()
        assert {protocol.PREDICTION_SERVICE, protocol.MODEL_SERVICE} <= set(names)
        file = database.FindFileContainingSymbol("tensorflow.serving.PredictRequest")
        assert file.name == "tensorflow_serving/apis/predict.proto"


def test_metrics(export):
    with running(export, metrics_port=0) as (server, client):
        client.predict("serving_default", question(0))
        _refused(client, "NOT_FOUND", signature="nothing")
        url = f"http://127.0.0.1:{server.metrics_port}/metrics"
        text = urllib.request.urlopen(url, timeout=5).read().decode()
    assert 'vsg_requests_total{code="OK",method="Predict",signature="serving_default"} 1.0' in text
    assert 'vsg_requests_total{code="NOT_FOUND",method="Predict",signature=""} 1.0' in text
    assert "vsg_request_seconds_bucket" in text
    assert "vsg_batch_requests_count 1.0" in text
    assert "vsg_queue_requests 0.0" in text
    assert "vsg_model_version 1.0" in text
    assert "process_resident_memory_bytes" in text


def test_a_port_that_is_taken_is_one_sentence(served, export):
    with pytest.raises(InputError, match="choose another port"):
        with running(export, host="127.0.0.1", metrics_port=served[0].port):
            pass


def test_logs_are_json_with_everything_in_them(served, caplog):
    with caplog.at_level(logging.INFO):
        served[1].predict("serving_default", question(0))
    record = next(record for record in caplog.records if record.getMessage() == "request")
    line = json.loads(JsonFormatter().format(record))
    assert line["event"] == "request"
    assert line["level"] == "info"
    assert line["signature"] == "serving_default"
    assert line["code"] == "OK"
    assert line["version"] == 1
    assert line["seconds"] >= 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(
    st.binary(max_size=300),
    st.builds(
        lambda head, cut, tail: (head[:cut] + tail),
        st.just(b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x22\x56\x00\x00"
                b"\x44\xac\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00"),
        st.integers(0, 44),
        st.binary(max_size=60),
    ),
))  # fmt: skip
def test_any_bytes_as_a_sound_leave_the_server_well(served, wav):
    client = served[1]
    try:
        client.predict("read_wav", {"wav": [wav]})
    except ServerError as error:
        assert error.code == "INVALID_ARGUMENT", error
    assert client.is_ready()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200))
def test_any_bytes_as_a_request_leave_the_server_well(served, content):
    with grpc.insecure_channel(served[1].address) as channel:
        call = channel.unary_unary(f"/{protocol.PREDICTION_SERVICE}/Predict")
        with pytest.raises(grpc.RpcError) as caught:
            call(content, timeout=10)
    assert caught.value.code().name in ("INVALID_ARGUMENT", "NOT_FOUND", "INTERNAL")
    assert served[1].is_ready()


def test_memory_returns_after_large_requests(served):
    client = served[1]

    def ask():
        inputs = question(1, batch=32, length=12_000)  # 5 MB
        client.predict("serving_default", inputs, ["total"])

    for _ in range(5):
        ask()
    before = resident_bytes()
    for _ in range(20):
        ask()
    assert resident_bytes() - before < 60e6
