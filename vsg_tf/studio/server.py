"""The studio's server: one page and what it asks for, on this machine alone.

Every address begins with a random token. Handlers that are no coroutines run in threads.
"""

import io
import json
import re
import secrets
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from vsg_tf.errors import InputError, VsgError
from vsg_tf.studio.exporting import check_export, export_mix
from vsg_tf.studio.guarding import Guard
from vsg_tf.studio.pictures import Thumbnails, spectrogram, write_proxy
from vsg_tf.studio.project import FileLink, Project
from vsg_tf.studio.workspace import Workspace

STATIC = Path(__file__).parent / "page"
LARGEST_UPLOAD = 256 << 20  # bytes
LARGEST_STATE = 64 << 20  # bytes of a project that a page sends
LONGEST_PIECE = 60.0  # s of sound in one answer
MOST_BINS = 8192
LONGEST_WAIT = 25.0  # s that a question for changes is held
SOUNDS_FOLDER = "sounds"  # in the project's folder: what was dropped into the page
_NAME = re.compile(r"[^\w .()+-]+")


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
        self._clip = workspace.opened.clip.path
        self._thumbnails = Thumbnails(self._clip)
        self._stopped = threading.Event()
        self._proxy = workspace.scratch / "proxy.mp4"
        self._proxy_state = {"state": "none", "message": ""}
        self._proxy_lock = threading.Lock()
        routes = [
            Route("/", self.page),
            Route("/api/state", self.state),
            Route("/api/changes", self.changes),
            Route("/api/project", self.put_project, methods=["PUT"]),
            Route("/api/save", self.save, methods=["POST"]),
            Route("/api/picture", self.picture),
            Route("/api/guide", self.guide),
            Route("/api/sounds/{key}/info", self.sound_info),
            Route("/api/sounds/{key}/wav", self.sound_wav),
            Route("/api/sounds/{key}/peaks", self.sound_peaks),
            Route("/api/sounds/{key}/spectrogram", self.sound_picture),
            Route("/api/thumbnails", self.thumbnails),
            Route("/api/thumbnails/{index:int}", self.thumbnail),
            Route("/api/video", self.video),
            Route("/api/proxy", self.make_proxy, methods=["POST"]),
            Route("/api/proxy", self.proxy_state),
            Route("/api/proxy/video", self.proxy),
            Route("/api/upload", self.upload, methods=["POST"]),
            Route("/api/export", self.export, methods=["POST"]),
            Mount("/page", StaticFiles(directory=STATIC)),
        ]
        self.app = Starlette(
            routes=[Mount(f"/{self.token}", routes=routes)],
            middleware=[Middleware(BaseHTTPMiddleware, dispatch=Guard(hosts))],
            exception_handlers={VsgError: _sentence},
        )

    def close(self) -> None:
        """Stop what runs in the background."""
        self._stopped.set()
        self._thumbnails.close()
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
        body = await _body(request, LARGEST_STATE)
        return await _threaded(self._put, body)

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

    async def save(self, request: Request) -> Response:
        body = await _body(request, 1 << 16)
        return await _threaded(self._save, body)

    def _save(self, body: bytes) -> Response:
        name = _value(body, "name")
        path = None
        if name:
            path = self._inside(name)
            if path.suffix.lower() not in (".yaml", ".yml"):
                raise InputError("End the name of the project in .yaml.")
        return JSONResponse({"path": str(self.workspace.save(path))})

    def picture(self, request: Request) -> Response:
        return JSONResponse(self.workspace.picture_curves())

    def guide(self, request: Request) -> Response:
        return JSONResponse(self.workspace.guide_curves())

    def sound_info(self, request: Request) -> Response:
        sound = self.workspace.sound(request.path_params["key"])
        return JSONResponse(
            {
                "sample_rate": sound.sample_rate,
                "channels": sound.channels,
                "samples": sound.samples,
            }
        )

    def sound_wav(self, request: Request) -> Response:
        """Samples `first` to `first + count` as 16-bit WAV."""
        sound = self.workspace.sound(request.path_params["key"])
        first = _number(request, "first", 0, sound.samples)
        count = _number(request, "count", 0, round(LONGEST_PIECE * sound.sample_rate))
        buffer = io.BytesIO()
        samples = np.clip(sound.read(first, count), -1, 1)
        soundfile.write(buffer, samples, sound.sample_rate, "PCM_16", format="WAV")
        return Response(buffer.getvalue(), media_type="audio/wav")

    def sound_peaks(self, request: Request) -> Response:
        """`bins` pairs of int8: lowest and highest value of equal parts, 127 is full scale."""
        sound = self.workspace.sound(request.path_params["key"])
        first = _number(request, "first", -(1 << 40), 1 << 40)
        count = _number(request, "count", 1, 1 << 40)
        bins = _number(request, "bins", 1, MOST_BINS)
        found = sound.peaks_between(first, count, bins)
        values = np.clip(np.round(found * 127), -127, 127).astype(np.int8)
        return Response(values.tobytes(), media_type="application/octet-stream")

    def sound_picture(self, request: Request) -> Response:
        sound = self.workspace.sound(request.path_params["key"])
        first = _number(request, "first", -(1 << 40), 1 << 40)
        count = _number(request, "count", 1, 1 << 40)
        size = [_number(request, name, 1, 2048) for name in ("width", "height")]
        return Response(spectrogram(sound, first, count, *size), media_type="image/png")

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

    async def upload(self, request: Request) -> Response:
        """A sound as the request's body, named by `name`, into the project's folder."""
        name = request.query_params.get("name", "")
        body = await _body(request, LARGEST_UPLOAD)
        return await _threaded(self._keep, name, body)

    def _keep(self, name: str, body: bytes) -> Response:
        from vsg_tf.audio.reading import load_reference

        folder = self.workspace.folder / SOUNDS_FOLDER
        name = _NAME.sub("_", Path(name.replace("\\", "/")).name).strip(". ")[-120:] or "sound.wav"
        try:
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".vsg-") as scratch:
                received = Path(scratch) / name
                received.write_bytes(body)
                try:
                    sound = load_reference(received)  # what is no sound is not kept
                except InputError as error:
                    raise InputError(str(error).replace(str(received), name)) from error
                target = _free_name(folder / name, body)
                received.replace(target)
        except OSError as error:
            raise InputError(f"The sound cannot be kept in {folder} ({error.strerror}).") from error
        link = FileLink.to(target, self.workspace.folder)
        seconds = len(sound.waveform) / sound.sample_rate
        return JSONResponse({"link": link.model_dump(), "seconds": seconds})

    async def export(self, request: Request) -> Response:
        body = await _body(request, 1 << 16)
        return await _threaded(self._export, body)

    def _export(self, body: bytes) -> Response:
        path = self._inside(_value(body, "name"))
        overwrite = _value(body, "overwrite") == "yes"
        check_export(path, overwrite)
        with self.workspace.rendering:
            notes = export_mix(self.workspace.opened, path, overwrite)
        return JSONResponse({"path": str(path), "notes": list(notes)})

    def _inside(self, name: str) -> Path:
        """A file of the project's folder by its name."""
        folder = self.workspace.folder.resolve()
        path = (folder / name).resolve() if "\0" not in name else folder
        if not name or path == folder or not path.is_relative_to(folder):
            raise InputError("Give a file name inside the project's folder.")
        return path


def _free_name(path: Path, content: bytes) -> Path:
    """The path, or one with a number where another file has its name."""
    number = 1
    found = path
    while found.exists() and found.read_bytes() != content:
        number += 1
        found = path.with_name(f"{path.stem} {number}{path.suffix}")
    return found


async def _body(request: Request, largest: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            raise InputError(f"That is more than {largest >> 20} MB; give a smaller file.")
        parts.append(part)
    return b"".join(parts)


async def _threaded(function: Callable[..., Response], *arguments) -> Response:
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(function, *arguments)


def _value(body: bytes, name: str) -> str:
    try:
        value = json.loads(body).get(name, "")
    except (ValueError, AttributeError, RecursionError) as error:
        raise InputError("The page sent something that cannot be read.") from error
    if not isinstance(value, str):
        raise InputError(f"{name} must be a text.")
    return value


def _number(request: Request, name: str, low: int, high: int) -> int:
    try:
        value = int(request.query_params.get(name, ""))
    except ValueError as error:
        raise InputError(f"{name} must be a whole number.") from error
    return min(max(value, low), high)


def _sentence(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)
