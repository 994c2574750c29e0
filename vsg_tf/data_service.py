"""`vsg data-service`: a dispatcher, or a worker, of a tf.data service for `vsg train`."""

from typing import Annotated

import typer

from vsg_tf.errors import InputError
from vsg_tf.extras import require

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def data_service(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 5050,
    dispatcher: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Be a worker of this dispatcher, not a dispatcher."),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Name at which trainers reach this worker.")
    ] = "localhost",
) -> None:
    """Serve until Ctrl-C; workers must see the prepared data at the same path as trainers."""
    tensorflow = require("tensorflow", "tensorflow")
    service = tensorflow.data.experimental.service
    try:
        if dispatcher is None:
            server = service.DispatchServer(service.DispatcherConfig(port=port))
            typer.echo(f"dispatcher of a data service at {server.target}")
        else:
            config = service.WorkerConfig(
                dispatcher_address=dispatcher,
                port=port,
                worker_address=f"{host}:{port}" if port else f"{host}:%port%",
                dispatcher_timeout_ms=30_000,
            )
            server = service.WorkerServer(config)
            typer.echo(f"worker of the data service at {dispatcher}")
    except tensorflow.errors.OpError as error:
        reason = error.message.partition("\n")[0]
        raise InputError(f"The data service cannot start here ({reason}).") from error
    server.join()


if __name__ == "__main__":
    from vsg_tf.command import run

    run(app)
