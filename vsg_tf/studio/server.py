"""The studio's server: one page and what it asks for, on this machine alone.

Every address begins with a random token. Handlers that are no coroutines run in threads.
"""

import json
import secrets
from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from vsg_tf.errors import InputError, VsgError
from vsg_tf.studio.asking import body_of, sentence, threaded
from vsg_tf.studio.file_routes import FileRoutes
from vsg_tf.studio.guarding import Guard
from vsg_tf.studio.picture_routes import PictureRoutes
from vsg_tf.studio.project import Project
from vsg_tf.studio.sound_routes import SoundRoutes
from vsg_tf.studio.workspace import Workspace

STATIC = Path(__file__).parent / "page"
LARGEST_STATE = 64 << 20  # bytes of a project that a page sends
LONGEST_WAIT = 25.0  # s that a question for changes is held


class Studio:
    """The server's parts.

    Args:
        workspace: what is worked on.
        hosts: names with port that it is reached by.
        token: of its addresses; None: a random one.
    """

    def __init__(self, workspace: Workspace, hosts: set[str], token: str | None = None):
        self.workspace = workspace
        self.token = token or secrets.token_urlsafe(16)
        self._pictures = PictureRoutes(workspace)
        routes = [
            Route("/", self.page),
            Route("/api/state", self.state),
            Route("/api/changes", self.changes),
            Route("/api/project", self.put_project, methods=["PUT"]),
            Route("/api/picture", self.picture),
            Route("/api/guide", self.guide),
            *SoundRoutes(workspace).routes(),
            *self._pictures.routes(),
            *FileRoutes(workspace).routes(),
            Mount("/page", StaticFiles(directory=STATIC)),
        ]
        self.app = Starlette(
            routes=[Mount(f"/{self.token}", routes=routes)],
            middleware=[Middleware(BaseHTTPMiddleware, dispatch=Guard(hosts))],
            exception_handlers={VsgError: sentence},
        )

    def close(self) -> None:
        """Stop what runs in the background."""
        self._pictures.close()
        self.workspace.close()

    def page(self, request: Request) -> Response:
        if not request.url.path.endswith("/"):
            return Response(status_code=404)
        return FileResponse(STATIC / "index.html")

    def state(self, request: Request) -> Response:
        return JSONResponse(self.workspace.describe() | {"mark": self.workspace.progress_mark()})

    def changes(self, request: Request) -> Response:
        """The state, once it is another than that of `mark`, or after 25 s."""
        self.workspace.wait_for_change(request.query_params.get("mark", ""), LONGEST_WAIT)
        return self.state(request)

    async def put_project(self, request: Request) -> Response:
        body = await body_of(request, LARGEST_STATE)
        return await threaded(self._put, body)

    def _put(self, body: bytes) -> Response:
        try:
            values = json.loads(body)
            project = Project.model_validate(values["project"])
            revision = int(values["revision"])
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise InputError(f"The project cannot be so: {place}: {first['msg']}.") from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError("The page sent something that is no project.") from error
        if revision != self.workspace.revision:
            return JSONResponse(
                {"error": "The project was changed in another window; its state is shown now."}, 409
            )
        self._check_files(project)
        return JSONResponse({"revision": self.workspace.replace(project)})

    def _check_files(self, project: Project) -> None:
        """A page may name only files that are part of the project, or lie in its folder."""
        known = {link for layer in self.workspace.project.layers for link in layer.references}
        guide = self.workspace.project.guide
        if guide is not None:
            known.add(guide.file)
        links = [link for layer in project.layers for link in layer.references]
        if project.guide is not None and project.guide.file is not None:
            links.append(project.guide.file)
        folder = self.workspace.folder.resolve()
        for link in links:
            inside = (folder / link.path).resolve().is_relative_to(folder)
            if link not in known and not inside:
                raise InputError(f"{link.path} lies outside the project's folder; drop it here.")

    def picture(self, request: Request) -> Response:
        return JSONResponse(self.workspace.picture_curves())

    def guide(self, request: Request) -> Response:
        return JSONResponse(self.workspace.guide_curves())
