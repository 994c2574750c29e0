"""A client of model servers: TensorFlow Serving's and `vsg serve`.

It needs grpcio, protobuf and NumPy, and nothing else: no TensorFlow, no signal processing.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
import numpy as np

from vsg_tf.errors import InputError, ServerError
from vsg_tf.serving import protocol
from vsg_tf.serving.security import ClientTls
from vsg_tf.serving.tensors import decode, encode

MESSAGE_BYTES = 64 << 20  # largest message either way unless told otherwise
TIMEOUT_S = 120.0
ATTEMPTS = 5  # gRPC allows no more
_SHORT_S = 10.0  # for questions that no network has to think about
_ADVICE = {
    "UNAVAILABLE": "No model server answers at {address}; start one or check address and TLS",
    "DEADLINE_EXCEEDED": "The server at {address} did not answer in time; allow it longer",
    "RESOURCE_EXHAUSTED": "The server at {address} is busy or the message is too large; try later",
}


def _service_config() -> str:
    """gRPC's own retries: on UNAVAILABLE alone, because nothing was computed then."""
    policy = {
        "maxAttempts": ATTEMPTS,
        "initialBackoff": "0.2s",
        "maxBackoff": "3s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": policy}]})


class Client:
    """A connection to one model on one server; safe to use from several threads.

    Args:
        address: `host:port`.
        model: its name on the server.
        version: a version; None takes the newest.
        tls: None talks in the clear.
        metadata: sent with every call, for example `[("authorization", "Bearer ...")]`.
        timeout_s: deadline of a prediction in seconds, retries included.
        message_bytes: largest message, sent or received.
        retries: whether to try again, with growing pauses, while the server is unavailable.

    Raises:
        InputError: TLS files cannot be read.

    Example: `Client("127.0.0.1:8500").predict("describe", {})["config_yaml"]`.
    """

    def __init__(
        self,
        address: str,
        model: str = "default",
        *,
        version: int | None = None,
        tls: ClientTls | None = None,
        metadata: Sequence[tuple[str, str]] = (),
        timeout_s: float = TIMEOUT_S,
        message_bytes: int = MESSAGE_BYTES,
        retries: bool = True,
    ):
        self.address, self.model, self.version = address, model, version
        self._metadata, self._timeout_s = tuple(metadata), timeout_s
        self._message_bytes = message_bytes
        options = [
            ("grpc.max_send_message_length", message_bytes),
            ("grpc.max_receive_message_length", message_bytes),
            ("grpc.enable_retries", int(retries)),
        ]
        if retries:
            options += [
                ("grpc.service_config", _service_config()),
                # A call whose message does not fit here would not be repeated.
                ("grpc.per_rpc_retry_buffer_size", message_bytes + 4096),
                ("grpc.initial_reconnect_backoff_ms", 200),
            ]
        if tls is None:
            self._channel = grpc.insecure_channel(address, options)
        else:
            if tls.server_name is not None:
                options.append(("grpc.ssl_target_name_override", tls.server_name))
            self._channel = grpc.secure_channel(address, tls.credentials(), options)
        self._calls = {
            f"{service}/{name}": self._channel.unary_unary(
                f"/{service}/{name}", request.SerializeToString, response.FromString
            )
            for service, names in (
                (protocol.PREDICTION_SERVICE, ("Predict", "GetModelMetadata")),
                (protocol.MODEL_SERVICE, ("GetModelStatus",)),
                (protocol.HEALTH_SERVICE, ("Check",)),
            )
            for name, (request, response) in protocol.methods(service).items()
            if name in names
        }

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection."""
        self._channel.close()

    def predict(
        self,
        signature: str,
        inputs: Mapping[str, Any],
        outputs: Sequence[str] = (),
        timeout_s: float | None = None,
    ) -> dict[str, np.ndarray]:
        """Ask one signature of the model.

        Args:
            signature: its name.
            inputs: arrays (numbers, or objects that are bytes) or nested lists, by name.
            outputs: the ones that are wanted; none named: all.
            timeout_s: deadline of this call; None: the client's.

        Returns:
            Arrays by name, maybe read-only; strings as arrays of bytes objects.

        Raises:
            InputError: an input has a type that cannot be sent.
            ServerError: the server refused, failed, or could not be reached in time.
        """
        request = protocol.PredictRequest(output_filter=outputs)
        self._address_model(request.model_spec)
        request.model_spec.signature_name = signature
        for name, value in inputs.items():
            request.inputs[name].CopyFrom(encode(value))
        timeout_s = self._timeout_s if timeout_s is None else timeout_s
        response = self._call(protocol.PREDICTION_SERVICE, "Predict", request, timeout_s)
        try:
            return {
                name: decode(proto, self._message_bytes) for name, proto in response.outputs.items()
            }
        except InputError as error:
            raise ServerError("INTERNAL", f"{self.address} sent a tensor that {error}") from error

    def signatures(self) -> dict[str, Any]:
        """The model's `SignatureDef` messages, by name: inputs and outputs, types and shapes.

        Raises:
            ServerError: as `predict`.
        """
        request = protocol.GetModelMetadataRequest(metadata_field=["signature_def"])
        self._address_model(request.model_spec)
        response = self._call(protocol.PREDICTION_SERVICE, "GetModelMetadata", request)
        definitions = protocol.SignatureDefMap()
        response.metadata["signature_def"].Unpack(definitions)
        return dict(definitions.signature_def)

    def status(self) -> list[Any]:
        """A `ModelVersionStatus` message for each version that the server knows.

        Raises:
            ServerError: as `predict`.
        """
        request = protocol.GetModelStatusRequest()
        self._address_model(request.model_spec)
        response = self._call(protocol.MODEL_SERVICE, "GetModelStatus", request)
        return list(response.model_version_status)

    def is_ready(self) -> bool:
        """Whether the server answers questions now.

        TensorFlow Serving has the standard health service only if it was started with it; the
        model's status is asked instead.
        """
        serving = protocol.HealthCheckResponse.SERVING
        request = protocol.HealthCheckRequest()
        try:
            return self._call(protocol.HEALTH_SERVICE, "Check", request).status == serving
        except ServerError as error:
            if error.code != "UNIMPLEMENTED":
                return False
        available = protocol.ModelVersionStatus.AVAILABLE
        try:
            return any(version.state == available for version in self.status())
        except ServerError:
            return False

    def _address_model(self, spec: Any) -> None:
        spec.name = self.model
        if self.version is not None:
            spec.version.value = self.version

    def _call(self, service: str, method: str, request: Any, timeout_s: float = _SHORT_S) -> Any:
        try:
            return self._calls[f"{service}/{method}"](
                request, timeout=timeout_s, metadata=self._metadata
            )
        except grpc.RpcError as error:
            code = error.code().name
            details = error.details() or code
            end = "" if details.endswith((".", "?")) else "."
            advice = _ADVICE.get(code)
            where = f"The server at {self.address} answers"
            start = where if advice is None else advice.format(address=self.address)
            raise ServerError(code, f"{start}: {details}{end}") from error
