"""What a server counts, for Prometheus."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    start_http_server,
)

from vsg_tf.errors import InputError

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_BATCHES = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """Counters of one server, on a registry of its own.

    Args:
        queue_depth: tells the requests that wait or run.
        version: tells the version that serves; None: none.
    """

    def __init__(self, queue_depth: Callable[[], int], version: Callable[[], int | None]):
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, CPU seconds, open files
        self._requests = Counter(
            "vsg_requests", "Calls by outcome.", ["method", "signature", "code"],
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "vsg_request_seconds", "Time from arrival to answer.", ["method", "signature"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._batches = Histogram(
            "vsg_batch_requests", "Requests computed together.", buckets=_BATCHES,
            registry=self.registry,
        )  # fmt: skip
        queue = Gauge("vsg_queue_requests", "Requests waiting or running.", registry=self.registry)
        queue.set_function(queue_depth)
        serving = Gauge("vsg_model_version", "Version that serves.", registry=self.registry)
        serving.set_function(lambda: version() or 0)

    def count(self, method: str, signature: str, code: str, seconds: float) -> None:
        """One call that ended; `signature` must be one of the model's, or empty."""
        self._requests.labels(method, signature, code).inc()
        self._seconds.labels(method, signature).observe(seconds)

    def count_batch(self, requests: int) -> None:
        """One batch that is about to be computed."""
        self._batches.observe(requests)

    def serve(self, host: str, port: int) -> tuple[int, Callable[[], None]]:
        """Answer Prometheus over HTTP; returns the port and what ends it.

        Raises:
            InputError: the port cannot be used.
        """
        try:
            server, thread = start_http_server(port, host, self.registry)
        except (OSError, OverflowError) as error:
            raise InputError(f"Cannot listen on {host}:{port}; choose another port.") from error

        def close() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return server.server_port, close
