"""The client towards servers that fail in every way, from an environment without TensorFlow."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import numpy as np
import pytest

from tests.serving.certificates import make_certificates
from tests.serving.conftest import running
from tests.serving.exports import check_answer, question
from vsg_tf.errors import InputError, ServerError
from vsg_tf.serving import protocol
from vsg_tf.serving.client import ATTEMPTS, Client
from vsg_tf.serving.security import ClientTls, ServerTls, bearer


class Scripted:
    """A server that answers Predict with the statuses it is told, then with success."""

    def __init__(self, *codes: grpc.StatusCode):
        self.codes, self.calls, self.metadata = list(codes), 0, {}
        request, response = protocol.methods(protocol.PREDICTION_SERVICE)["Predict"]
        handler = grpc.unary_unary_rpc_method_handler(
            self._predict, request.FromString, response.SerializeToString
        )
        self._server = grpc.server(ThreadPoolExecutor(4))
        self._server.add_generic_rpc_handlers(
            [
                grpc.method_handlers_generic_handler(
                    protocol.PREDICTION_SERVICE, {"Predict": handler}
                )
            ]
        )
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def _predict(self, request, context):
        self.calls += 1
        self.metadata = dict(context.invocation_metadata())
        if self.codes:
            context.abort(self.codes.pop(0), "as told")
        return protocol.PredictResponse()

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_):
        self._server.stop(None)


def test_an_unavailable_server_is_asked_again():
    unavailable = grpc.StatusCode.UNAVAILABLE
    with Scripted(unavailable, unavailable) as server, Client(server.address) as client:
        # Larger than what gRPC keeps for a repetition unless it is told to keep more.
        assert client.predict("s", {"x": np.zeros(500_000, np.float32)}) == {}
        assert server.calls == 3


def test_not_for_ever_and_not_if_told_so():
    with Scripted(*[grpc.StatusCode.UNAVAILABLE] * 20) as server:
        for retries, calls in ((False, 1), (True, ATTEMPTS)):
            server.calls = 0
            with Client(server.address, retries=retries) as client:
                with pytest.raises(ServerError, match="No model server answers") as caught:
                    client.predict("s", {})
            assert caught.value.code == "UNAVAILABLE"
            assert server.calls == calls


@pytest.mark.parametrize(
    "code", ["INVALID_ARGUMENT", "RESOURCE_EXHAUSTED", "INTERNAL", "DEADLINE_EXCEEDED", "UNKNOWN"]
)
def test_nothing_else_is_asked_again(code):
    with Scripted(grpc.StatusCode[code]) as server, Client(server.address) as client:
        with pytest.raises(ServerError, match="as told") as caught:
            client.predict("s", {})
        assert caught.value.code == code
        assert server.calls == 1


def test_metadata_goes_with_every_call(tmp_path):
    (tmp_path / "token").write_text("secret\n")
    metadata = [bearer(tmp_path / "token"), ("x-tenant", "a")]
    with Scripted() as server, Client(server.address, metadata=metadata) as client:
        client.predict("s", {})
        assert server.metadata["authorization"] == "Bearer secret"
        assert server.metadata["x-tenant"] == "a"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"two\nlines", "ü".encode()])
def test_a_token_that_cannot_be_sent(tmp_path, content):
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(InputError, match="token"):
        bearer(tmp_path / "token")


def test_a_message_that_is_too_large_is_refused_by_either_side(export):
    inputs = question(0, length=100_000)
    with running(export, message_bytes=1 << 20) as (_, client):
        with pytest.raises(ServerError) as caught:
            client.predict("serving_default", inputs)
        assert caught.value.code == "RESOURCE_EXHAUSTED"
        with Client(client.address, message_bytes=1 << 16) as small:
            with pytest.raises(ServerError) as caught:
                small.predict("serving_default", inputs)
            assert caught.value.code == "RESOURCE_EXHAUSTED"
        check_answer(question(1), client.predict("serving_default", question(1)))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def test_tls_and_mutual_tls(export, certificates):
    place = certificates
    server_tls = ServerTls(place / "server.pem", place / "server.key", place / "ca.pem")
    inputs = question(4)

    def ask(tls):
        with Client(f"localhost:{server.port}", tls=tls, retries=False) as client:
            return client.predict("serving_default", inputs, timeout_s=10)

    with running(export, tls=server_tls) as (server, _):
        known = ClientTls(place / "ca.pem", place / "client.pem", place / "client.key")
        check_answer(inputs, ask(known))
        strangers = (
            None,  # in the clear
            ClientTls(place / "ca.pem"),  # without a certificate of its own
            ClientTls(place / "other.pem", place / "client.pem", place / "client.key"),
            ClientTls(place / "ca.pem", place / "other.pem", place / "other.key"),
        )
        for tls in strangers:
            with pytest.raises(ServerError) as caught:
                ask(tls)
            assert caught.value.code == "UNAVAILABLE"
    open_to_all = ServerTls(place / "server.pem", place / "server.key")
    with running(export, tls=open_to_all) as (server, _):
        check_answer(inputs, ask(ClientTls(place / "ca.pem")))


def test_tls_files_that_are_none(tmp_path, export):
    (tmp_path / "text").write_text("hello")
    for wrong in (tmp_path / "none", tmp_path / "text"):
        with pytest.raises(InputError, match="PEM"):
            Client("localhost:1", tls=ClientTls(wrong))
        with pytest.raises(InputError, match="PEM"), running(export, tls=ServerTls(wrong, wrong)):
            pass


LIGHT = """
import sys

ALLOWED = {"grpc", "google", "numpy", "vsg_tf", "typing_extensions"}


class Blocker:
    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        if root not in ALLOWED and root not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{root} is not there", name=root)


sys.meta_path.insert(0, Blocker())
import numpy as np
from vsg_tf.serving.client import Client

data = np.load(sys.argv[2])
with Client(sys.argv[1]) as client:
    assert client.is_ready()
    inputs = {"x": data["x"], "scale": data["scale"]}
    np.savez(sys.argv[3], **client.predict("serving_default", inputs))
print(sorted({name.partition(".")[0] for name in sys.modules} & {"tensorflow", "keras", "librosa"}))
"""


def test_a_process_with_grpcio_protobuf_and_numpy_alone(served, tmp_path):
    inputs = question(8, batch=2)
    np.savez(tmp_path / "question.npz", **inputs)
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-c", LIGHT, served[1].address, tmp_path / "question.npz",
         tmp_path / "answer.npz"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"
    assert time.monotonic() - started < 20
    check_answer(inputs, dict(np.load(tmp_path / "answer.npz")))
