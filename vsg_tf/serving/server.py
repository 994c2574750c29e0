"""A gRPC server of one exported model: ports, health, reflection, start and end."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from vsg_tf.errors import InputError
from vsg_tf.serving import protocol
from vsg_tf.serving.batching import Batcher, BatchingOptions
from vsg_tf.serving.client import MESSAGE_BYTES
from vsg_tf.serving.loaded_model import LoadedModel
from vsg_tf.serving.metrics import Metrics
from vsg_tf.serving.security import ServerTls
from vsg_tf.serving.service import ModelServicer
from vsg_tf.serving.validation import Limits
from vsg_tf.serving.versions import ModelVersions

LOG = logging.getLogger(__name__)
SPARE_THREADS = 16  # for health, status and refusals while every place of the queue is taken
_SERVICES = (protocol.PREDICTION_SERVICE, protocol.MODEL_SERVICE, protocol.HEALTH_SERVICE)


@dataclass(frozen=True)
class ServerOptions:
    """How a model is served.

    Args:
        name: what clients call the model.
        host: address to listen on.
        port: 0 takes any that is free.
        metrics_host: address for Prometheus.
        metrics_port: None answers no Prometheus; 0 takes any that is free.
        tls: None talks in the clear.
        message_bytes: largest message either way.
        poll_seconds: how often new versions are looked for.
        batching: see `BatchingOptions`.
        limits: see `Limits`.
    """

    name: str = "default"
    host: str = "127.0.0.1"
    port: int = 8500
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    tls: ServerTls | None = None
    message_bytes: int = MESSAGE_BYTES
    poll_seconds: float = 2.0
    batching: BatchingOptions = field(default_factory=BatchingOptions)
    limits: Limits = field(default_factory=Limits)


class ModelServer:
    """Loads the newest version, then listens; `stop` ends it.

    Args:
        base: folder of an export, with a folder for each version.
        options: see `ServerOptions`.

    Raises:
        InputError: no version can be loaded, or a port or TLS file cannot be used.
    """

    def __init__(self, base: Path, options: ServerOptions):
        self.options = options
        credentials = None if options.tls is None else options.tls.credentials()
        self.versions = ModelVersions(base, LoadedModel)
        self.versions.poll()
        if self.versions.current is None:
            problems = [state.problem for state in self.versions.states.values()]
            advice = "name a folder that vsg export --format saved_model wrote"
            raise InputError(problems[0] if problems else f"{base} holds no version; {advice}.")
        self.metrics = Metrics(lambda: self.batcher.depth, lambda: self.versions.current)
        self.batcher = Batcher(options.batching, self.metrics.count_batch)
        self._stop_watching = threading.Event()
        self._watcher = threading.Thread(
            target=self.versions.watch,
            args=(options.poll_seconds, self._stop_watching),
            daemon=True,
        )
        self._health = health.HealthServicer()
        self._server, self.port = self._listen(credentials)
        self.metrics_port, self._close_metrics = None, None
        if options.metrics_port is not None:
            self.metrics_port, self._close_metrics = self.metrics.serve(
                options.metrics_host, options.metrics_port
            )
        self._watcher.start()
        self._server.start()
        self._tell_health(health_pb2.HealthCheckResponse.SERVING)
        LOG.info("listening", extra={"address": f"{options.host}:{self.port}"})

    def stop(self, grace_seconds: float = 30.0) -> None:
        """Take no more requests, answer those that are here, and end.

        Args:
            grace_seconds: after which calls that still run are broken off.
        """
        LOG.info("draining", extra={"requests": self.batcher.depth})
        self._tell_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._stop_watching.set()
        self._server.stop(grace_seconds).wait()
        self.batcher.close()
        self._watcher.join()
        if self._close_metrics is not None:
            self._close_metrics()
            self._close_metrics = None
        LOG.info("stopped")

    def _listen(self, credentials: grpc.ServerCredentials | None) -> tuple[grpc.Server, int]:
        options = self.options
        threads = options.batching.max_queue + SPARE_THREADS
        server = grpc.server(
            ThreadPoolExecutor(threads, thread_name_prefix="rpc"),
            handlers=ModelServicer(
                options.name, self.versions, self.batcher, self.metrics, options.limits
            ).handlers(),
            options=[
                ("grpc.max_send_message_length", options.message_bytes),
                ("grpc.max_receive_message_length", options.message_bytes),
                ("grpc.so_reuseport", 0),  # a port that is taken is an error
            ],
            maximum_concurrent_rpcs=threads,
        )
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection(
            (*_SERVICES, reflection.SERVICE_NAME), server, pool=protocol.POOL
        )
        address = f"{options.host}:{options.port}"
        try:
            if credentials is None:
                return server, server.add_insecure_port(address)
            return server, server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise InputError(
                f"Cannot listen on {address}; choose another port, and check the TLS files."
            ) from error

    def _tell_health(self, status: int) -> None:
        for name in ("", *_SERVICES):
            self._health.set(name, status)
