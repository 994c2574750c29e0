"""A small export, and servers of it in this process."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.serving.exports import write_export
from vsg_tf.serving.client import Client
from vsg_tf.serving.server import ModelServer, ServerOptions

WARM_UP = {"x": np.ones((1, 4, 3), np.float32), "scale": np.ones(1, np.float32)}


@pytest.fixture(scope="session")
def export(tmp_path_factory) -> Path:
    """Folder of an export with version 1; not to be changed."""
    base = tmp_path_factory.mktemp("export") / "arithmetic"
    write_export(base, 1, WARM_UP)
    return base


@contextlib.contextmanager
def running(base: Path, **options) -> Iterator[tuple[ModelServer, Client]]:
    """A server on a free port, and a client of it."""
    server = ModelServer(base, ServerOptions(port=0, poll_seconds=0.1, **options))
    try:
        with Client(f"127.0.0.1:{server.port}", timeout_s=20) as client:
            yield server, client
    finally:
        server.stop(grace_seconds=5)


@pytest.fixture(scope="module")
def served(export) -> Iterator[tuple[ModelServer, Client]]:
    with running(export) as pair:
        yield pair
