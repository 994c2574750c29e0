"""What TensorFlow Serving promises, asked of our server and, where there is one, of theirs."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.serving.conftest import running
from tests.serving.exports import SIGNATURES, check_answer, question
from vsg_tf.errors import ServerError
from vsg_tf.serving.client import Client

BINARY = os.environ.get("VSG_TF_MODEL_SERVER") or shutil.which("tensorflow_model_server")


@contextlib.contextmanager
def _model_server(base: Path):
    """The official server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [BINARY, f"--port={port}", "--model_name=default", f"--model_base_path={base}"]
    )
    try:
        with Client(f"127.0.0.1:{port}", timeout_s=20) as client:
            end = time.monotonic() + 60
            while not client.is_ready():
                assert process.poll() is None, "tensorflow_model_server ended"
                assert time.monotonic() < end, "tensorflow_model_server did not start"
                time.sleep(0.2)
            yield client
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module", params=["vsg serve", "tensorflow_model_server"])
def client(request, export):
    if request.param == "vsg serve":
        with running(export) as (_, client):
            yield client
        return
    if BINARY is None:
        pytest.skip(
            "tensorflow_model_server is neither on PATH nor named by VSG_TF_MODEL_SERVER: "
            "the suite ran against vsg serve alone"
        )
    with _model_server(export) as client:
        yield client


def _refused(client: Client, *codes: str, signature="serving_default", **changes) -> str:
    inputs = {name: value for name, value in (question(0) | changes).items() if value is not None}
    with pytest.raises(ServerError) as caught:
        client.predict(signature, inputs)
    assert caught.value.code in codes, caught.value
    return str(caught.value)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("length", [1, 17])
def test_predict(client, batch, length):
    inputs = question(5, batch, length)
    check_answer(inputs, client.predict("serving_default", inputs))


def test_no_name_is_the_default_signature(client):
    inputs = question(6)
    check_answer(inputs, client.predict("", inputs))


def test_output_filter(client):
    assert set(client.predict("serving_default", question(0), ["total"])) == {"total"}


def test_signature_without_inputs(client):
    assert client.predict("describe", {})["text"].item() == b"adds and multiplies"


def test_strings(client):
    words = [[b"a\0", b"\xff\0\0"], [b"", b"c"]]
    assert list(client.predict("join", {"words": words})["text"]) == [b"a\0\xff\0\0", b"c"]


def test_metadata(client):
    signatures = client.signatures()
    assert set(signatures) >= SIGNATURES
    x = signatures["serving_default"].inputs["x"]
    assert x.dtype == 1
    assert [dim.size for dim in x.tensor_shape.dim] == [-1, -1, 3]


def test_status_and_health(client):
    (version,) = client.status()
    assert (version.version, version.state) == (1, 30)
    assert client.is_ready()


def test_version_by_number(client):
    inputs = question(2)
    with Client(client.address, version=1) as first, Client(client.address, version=2) as second:
        check_answer(inputs, first.predict("serving_default", inputs))
        with pytest.raises(ServerError) as caught:
            second.predict("serving_default", inputs)
    assert caught.value.code == "NOT_FOUND"


def test_unknown_model(client):
    with Client(client.address, "nobody") as other:
        for ask in (other.status, other.signatures, lambda: other.predict("describe", {})):
            with pytest.raises(ServerError) as caught:
                ask()
            assert caught.value.code == "NOT_FOUND"
        assert client.is_ready()


def test_unknown_signature(client):
    # TensorFlow Serving calls it a failed precondition.
    _refused(client, "NOT_FOUND", "FAILED_PRECONDITION", "INVALID_ARGUMENT", signature="nothing")


@pytest.mark.parametrize(
    "changes",
    [
        {"x": np.zeros([1, 5, 3], np.float64)},
        {"x": [[["a", "b", "c"]]]},
        {"x": np.zeros([1, 5, 4], np.float32)},
        {"x": np.zeros([5, 3], np.float32)},
        {"x": None},
        {"more": np.zeros(1, np.float32)},
    ],
    ids=["dtype", "strings", "width", "rank", "missing", "unexpected"],
)
def test_wrong_inputs(client, changes):
    if isinstance(changes.get("x"), list):
        changes = {"x": np.array(changes["x"], object).astype("S").astype(object)}
    _refused(client, "INVALID_ARGUMENT", **changes)


def test_error_inside_the_graph(client):
    with pytest.raises(ServerError) as caught:
        client.predict("read_wav", {"wav": [b"RIFF and nothing more"]})
    assert caught.value.code == "INVALID_ARGUMENT"
    assert "WAVE" in str(caught.value)


def test_deadline(client):
    started = time.monotonic()
    with pytest.raises(ServerError) as caught:
        client.predict("slow", {"seconds": [3.0], "x": [1.0]}, timeout_s=0.3)
    assert caught.value.code == "DEADLINE_EXCEEDED"
    assert time.monotonic() - started < 1.5


def test_each_of_many_gets_its_own_answer(client):
    def ask(seed: int) -> None:
        inputs = question(seed, batch=1 + seed % 3, length=4 + seed % 2)
        check_answer(inputs, client.predict("serving_default", inputs))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(ask, range(200)))
