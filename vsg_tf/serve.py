"""`vsg serve`: an exported model over gRPC, as TensorFlow Serving serves it."""

import signal
import threading
from pathlib import Path
from typing import Annotated

import typer

from vsg_tf.errors import InputError
from vsg_tf.extras import require, start_tensorflow

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
MEGABYTE = 1 << 20


@app.command()
def serve(
    model: Annotated[
        Path, typer.Option("--model", "-m", help="Folder of an export, with its versions inside.")
    ],
    name: Annotated[str, typer.Option(help="What clients call the model.")] = "default",
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 is every network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8500,
    tls_cert: Annotated[Path | None, typer.Option(help="PEM certificate, with its chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM key of --tls-cert.")] = None,
    tls_client_ca: Annotated[
        Path | None,
        typer.Option(help="Mutual TLS: clients must show a certificate of this authority."),
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port for Prometheus; default: none.")
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="Address of --metrics-port.")] = "127.0.0.1",
    max_batch: Annotated[
        int, typer.Option(min=1, help="Examples computed together; 1: each request alone.")
    ] = 8,
    batch_timeout_ms: Annotated[
        float,
        typer.Option(
            min=0,
            help="How long a request waits for others of its shape while a worker is free; while "
            "none is, requests gather anyway.",
        ),
    ] = 0.0,
    workers: Annotated[int, typer.Option(min=1, help="Batches computed at the same time.")] = 2,
    max_queue: Annotated[
        int, typer.Option(min=1, help="Requests that wait or run; more are refused.")
    ] = 128,
    max_message_mb: Annotated[
        int, typer.Option(min=1, max=2047, help="Largest request or answer in MiB.")
    ] = 64,
    max_frames: Annotated[
        int, typer.Option(min=1, help="Longest sequence of feature or mel frames, or pictures.")
    ] = 16_384,
    max_samples: Annotated[
        int, typer.Option(min=1, help="Longest waveform in samples.")
    ] = 4_000_000,
    poll_seconds: Annotated[
        float, typer.Option(min=0.05, help="How often new versions are looked for.")
    ] = 2.0,
    grace_seconds: Annotated[
        float, typer.Option(min=0, help="Time that running requests get when it is stopped.")
    ] = 30.0,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Serve an exported model until SIGTERM or Ctrl-C; requests that run are answered first."""
    if log_level.lower() not in ("debug", "info", "warning", "error"):
        raise InputError(f"--log-level is debug, info, warning or error, not {log_level!r}.")
    if (tls_cert is None) != (tls_key is None):
        raise InputError("TLS needs both --tls-cert and --tls-key.")
    if tls_client_ca is not None and tls_cert is None:
        raise InputError("--tls-client-ca needs --tls-cert and --tls-key as well.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for module in ("grpc", "grpc_health", "grpc_reflection", "prometheus_client"):
        require(module, "serving")
    start_tensorflow()
    from vsg_tf.serving.batching import BatchingOptions
    from vsg_tf.serving.logs import log_as_json
    from vsg_tf.serving.security import ServerTls
    from vsg_tf.serving.server import ModelServer, ServerOptions
    from vsg_tf.serving.validation import Limits

    log_as_json(log_level)
    tls = None if tls_cert is None else ServerTls(tls_cert, tls_key, tls_client_ca)
    server = ModelServer(
        model,
        ServerOptions(
            name=name,
            host=host,
            port=port,
            metrics_host=metrics_host,
            metrics_port=metrics_port,
            tls=tls,
            message_bytes=max_message_mb * MEGABYTE,
            poll_seconds=poll_seconds,
            batching=BatchingOptions(max_batch, batch_timeout_ms / 1000, max_queue, workers),
            limits=Limits(frames=max_frames, samples=max_samples),
        ),
    )
    stop.wait()
    server.stop(grace_seconds)


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
