"""The clip for the page: its video, thumbnails, and a copy that every browser plays."""

import threading

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from vsg_tf.errors import InputError, VsgError
from vsg_tf.studio.pictures import Thumbnails, write_proxy
from vsg_tf.studio.workspace import Workspace


class PictureRoutes:
    """Addresses of the clip's pictures.

    Args:
        workspace: whose clip it is.
    """

    def __init__(self, workspace: Workspace):
        self._clip = workspace.opened.clip.path
        self._thumbnails = Thumbnails(self._clip)
        self._stopped = threading.Event()
        self._proxy = workspace.scratch / "proxy.mp4"
        self._proxy_state = {"state": "none", "message": ""}
        self._proxy_lock = threading.Lock()

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/api/thumbnails", self.thumbnails),
            Route("/api/thumbnails/{index:int}", self.thumbnail),
            Route("/api/video", self.video),
            Route("/api/proxy", self.make_proxy, methods=["POST"]),
            Route("/api/proxy", self.proxy_state),
            Route("/api/proxy/video", self.proxy),
        ]

    def close(self) -> None:
        """Stop what runs in the background."""
        self._stopped.set()
        self._thumbnails.close()

    def thumbnails(self, request: Request) -> Response:
        made = self._thumbnails
        return JSONResponse({"step_s": made.step_s, "width": made.width, "count": made.count()})

    def thumbnail(self, request: Request) -> Response:
        jpeg = self._thumbnails.get(request.path_params["index"])
        if jpeg is None:
            return Response(status_code=404)
        return Response(jpeg, media_type="image/jpeg")

    def video(self, request: Request) -> Response:
        return FileResponse(self._clip)

    def make_proxy(self, request: Request) -> Response:
        """Begin a small copy of the clip that every browser plays."""
        with self._proxy_lock:
            if self._proxy_state["state"] in ("none", "failed"):
                self._proxy_state = {"state": "making", "message": ""}
                threading.Thread(target=self._write_proxy, daemon=True).start()
        return JSONResponse(self._proxy_state)

    def _write_proxy(self) -> None:
        try:
            write_proxy(self._clip, self._proxy, self._stopped)
            self._proxy_state = {"state": "ready", "message": ""}
        except VsgError as error:
            self._proxy_state = {"state": "failed", "message": str(error)}

    def proxy_state(self, request: Request) -> Response:
        return JSONResponse(self._proxy_state)

    def proxy(self, request: Request) -> Response:
        if self._proxy_state["state"] != "ready":
            raise InputError("The copy for the browser is not ready.")
        return FileResponse(self._proxy)
