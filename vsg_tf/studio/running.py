"""The studio's server as a process: its address, the browser, autosaves, its end."""

import contextlib
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from vsg_tf.errors import InputError, VsgError
from vsg_tf.studio.server import Studio
from vsg_tf.studio.workspace import Workspace


class StudioServer(uvicorn.Server):
    """A server for a studio that ends at once: no page is left waiting for changes.

    Args:
        studio: what is served.
    """

    def __init__(self, studio: Studio):
        self._studio = studio
        super().__init__(
            uvicorn.Config(
                studio.app, log_level="error", timeout_graceful_shutdown=5, access_log=False
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._studio.workspace.end_waits()
        await super().shutdown(sockets)


AUTOSAVE_S = 3.0
LOCAL = "127.0.0.1"


def run_studio(
    workspace: Workspace, host: str, port: int, browser: bool, tell: Callable[[str], None]
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        workspace: closed at the end.
        host, port: to listen on; port 0 is any that is free.
        browser: whether the page is opened.
        tell: is told the address, and what could not be saved.

    Raises:
        InputError: the port cannot be used.
    """
    try:
        bound = socket.create_server((host, port))
    except OSError as error:
        workspace.close()
        raise InputError(
            f"The studio cannot listen on {host}:{port} ({error.strerror}); give another --port."
        ) from error
    port = bound.getsockname()[1]
    names = {host, LOCAL, "localhost"} if host in (LOCAL, "localhost") else {host}
    studio = Studio(workspace, {f"{name}:{port}" for name in names})
    address = f"http://{host}:{port}/{studio.token}/"
    tell(f"The studio is at {address} (Ctrl-C ends it)")
    stopped = threading.Event()
    saver = threading.Thread(target=_autosave, args=(workspace, stopped, tell), daemon=True)
    saver.start()
    if browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            StudioServer(studio).run(sockets=[bound])
    finally:
        stopped.set()
        saver.join(timeout=10)
        studio.close()
        bound.close()


def autosave_path(workspace: Workspace) -> Path:
    """Where a project is kept that was not saved: beside it, or beside the clip."""
    base = workspace.path or workspace.opened.clip.path.with_suffix(".yaml")
    return base.with_name(f"{base.stem}.autosave.yaml")


def _autosave(workspace: Workspace, stopped: threading.Event, tell) -> None:
    from vsg_tf.studio.project import save_project

    saved, said = workspace.revision, False
    while True:
        ended = stopped.wait(AUTOSAVE_S)
        if workspace.revision != saved:
            saved = workspace.revision
            try:
                save_project(autosave_path(workspace), workspace.project)
                said = False
            except VsgError as error:
                if not said:
                    tell(f"error: {error}")
                said = True
        if ended:
            return
