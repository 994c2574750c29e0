"""TensorFlow Serving's two services over the versions of one model."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

import grpc
import numpy as np

from vsg_tf.serving import protocol
from vsg_tf.serving.batching import Batcher, Job
from vsg_tf.serving.metrics import Metrics
from vsg_tf.serving.refusal import Refusal, invalid, not_found, too_late
from vsg_tf.serving.tensors import encode
from vsg_tf.serving.validation import Limits, check_inputs
from vsg_tf.serving.versions import ModelVersions

LOG = logging.getLogger(__name__)
DEFAULT_SIGNATURE = "serving_default"
SIZES = frozenset({"frames"})  # inputs whose values, not their shapes, tell the output's length


class ModelServicer:
    """Answers questions to one model.

    Args:
        name: what clients call the model.
        versions: that are loaded.
        batcher: where predictions wait.
        metrics: told of every call.
        limits: of what is taken.
    """

    def __init__(
        self,
        name: str,
        versions: ModelVersions,
        batcher: Batcher,
        metrics: Metrics,
        limits: Limits,
    ):
        self._name, self._versions, self._batcher = name, versions, batcher
        self._metrics, self._limits = metrics, limits

    def handlers(self) -> list[grpc.GenericRpcHandler]:
        """What a gRPC server is given."""
        answers = {
            protocol.PREDICTION_SERVICE: {
                "Predict": self._predict,
                "GetModelMetadata": self._metadata,
            },
            protocol.MODEL_SERVICE: {
                "GetModelStatus": self._status,
                "HandleReloadConfigRequest": self._reload,
            },
        }
        return [
            grpc.method_handlers_generic_handler(
                service,
                {
                    name: grpc.unary_unary_rpc_method_handler(
                        self._guarded(name, methods[name]),
                        request_deserializer=request.FromString,
                        response_serializer=response.SerializeToString,
                    )
                    for name, (request, response) in protocol.methods(service).items()
                    if name in methods
                },
            )
            for service, methods in answers.items()
        ]

    def _guarded(self, method: str, answer: Callable) -> Callable:
        """Whatever happens becomes a status with a sentence, a log line and a count."""

        def respond(request: Any, context: grpc.ServicerContext) -> Any:
            started = time.monotonic()
            notes: dict[str, Any] = {}
            code, sentence, response = grpc.StatusCode.OK, "", None
            try:
                response = answer(request, context, notes)
            except Refusal as refusal:
                code, sentence = refusal.code, str(refusal)
            except Exception:
                code = grpc.StatusCode.INTERNAL
                sentence = "The server failed on this request; its log says more."
                LOG.exception("request failed", extra={"method": method, **notes})
            seconds = time.monotonic() - started
            self._metrics.count(method, notes.get("signature", ""), code.name, seconds)
            level = logging.INFO if code is grpc.StatusCode.OK else logging.WARNING
            seen = {"method": method, "code": code.name, "seconds": round(seconds, 4), **notes}
            LOG.log(level, "request", extra={**seen, "peer": context.peer(), "error": sentence})
            if response is None:
                context.abort(code, sentence)
            return response

        return respond

    def _check_name(self, spec: Any) -> None:
        if spec.name != self._name:
            raise not_found(f"There is no model {spec.name!r}; this server has {self._name!r}.")

    @contextlib.contextmanager
    def _model(self, spec: Any) -> Iterator[Any]:
        self._check_name(spec)
        if spec.version_label:
            raise not_found(f"There is no version labelled {spec.version_label!r}; use numbers.")
        wanted = spec.version.value if spec.HasField("version") else None
        with self._versions.use(wanted) as model:
            yield model

    def _predict(self, request: Any, context: grpc.ServicerContext, notes: dict) -> Any:
        with self._model(request.model_spec) as model:
            signature = request.model_spec.signature_name or DEFAULT_SIGNATURE
            definition = model.definitions.get(signature)
            if definition is None:
                known = ", ".join(sorted(model.definitions))
                raise not_found(f"There is no signature {signature!r}; the model has {known}.")
            notes |= {"signature": signature, "version": model.version}
            for name in request.output_filter:
                if name not in definition.outputs:
                    raise invalid(f"The signature has no output {name!r} to be filtered.")
            inputs = check_inputs(definition, request.inputs, self._limits)
            left = context.time_remaining()
            job = Job(
                run=lambda arrays: model.run(signature, arrays),
                key=_batch_key(model, signature, inputs),
                inputs=inputs,
                deadline=None if left is None else time.monotonic() + left,
            )
            notes["batch"] = job.size
            outputs = _wait(self._batcher.submit(job), left, context)
            response = protocol.PredictResponse()
            for name in request.output_filter or outputs:
                response.outputs[name].CopyFrom(encode(outputs[name]))
            self._tell(response.model_spec, model, signature)
            return response

    def _metadata(self, request: Any, context: grpc.ServicerContext, notes: dict) -> Any:
        unknown = set(request.metadata_field) - {"signature_def"}
        if unknown or not request.metadata_field:
            raise invalid("Ask for the metadata field signature_def; there is no other.")
        with self._model(request.model_spec) as model:
            definitions = protocol.SignatureDefMap()
            for name, definition in model.definitions.items():
                definitions.signature_def[name].CopyFrom(definition)
            response = protocol.GetModelMetadataResponse()
            response.metadata["signature_def"].Pack(definitions)
            self._tell(response.model_spec, model)
            return response

    def _status(self, request: Any, context: grpc.ServicerContext, notes: dict) -> Any:
        spec = request.model_spec
        self._check_name(spec)
        states = self._versions.states
        if spec.HasField("version"):
            states = {v: state for v, state in states.items() if v == spec.version.value}
            if not states:
                raise not_found(f"There is no version {spec.version.value}.")
        response = protocol.GetModelStatusResponse()
        for version, state in sorted(states.items(), reverse=True):
            status = response.model_version_status.add(version=version, state=state.number)
            if state.problem:
                status.status.error_code = grpc.StatusCode.INVALID_ARGUMENT.value[0]
                status.status.error_message = state.problem
        return response

    def _reload(self, request: Any, context: grpc.ServicerContext, notes: dict) -> Any:
        """Looks for versions now; which model is served is decided where the server is started."""
        models = request.config.model_config_list.config
        names = [(config.name, config.base_path) for config in models]
        if names != [(self._name, str(self._versions.base))]:
            raise invalid(
                f"This server serves {self._name!r} from {self._versions.base} alone; start "
                "another for another model."
            )
        self._versions.poll()
        return protocol.ReloadConfigResponse()

    def _tell(self, spec: Any, model: Any, signature: str = "") -> None:
        spec.name, spec.signature_name = self._name, signature
        spec.version.value = model.version


def _batch_key(model: Any, signature: str, inputs: dict[str, np.ndarray]) -> tuple | None:
    """Requests with one key have one version, one signature and equal shapes."""
    if not model.can_batch(signature):
        return None
    shapes = (
        (name, array.shape[1:], array.tobytes() if name in SIZES and len(array) == 1 else b"")
        for name, array in inputs.items()
    )
    return (model.version, signature, *shapes)


def _wait(answer: Future, seconds: float | None, context: grpc.ServicerContext) -> Any:
    context.add_callback(answer.cancel)  # the caller went away
    try:
        return answer.result(seconds)
    except FutureTimeout as error:
        answer.cancel()
        raise too_late("The deadline passed before there was an answer.") from error
    except CancelledError as error:
        raise too_late("The caller did not wait for the answer.") from error
