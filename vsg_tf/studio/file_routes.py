"""Files for the page: sounds that are dropped, projects that are saved, mixes that are exported.

Nothing outside the project's folder is read or written.
"""

import re
import tempfile
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vsg_tf.audio.reading import load_reference
from vsg_tf.errors import InputError
from vsg_tf.studio.asking import body_of, text_of, threaded
from vsg_tf.studio.exporting import check_export, export_mix
from vsg_tf.studio.project import FileLink
from vsg_tf.studio.workspace import Workspace

LARGEST_UPLOAD = 256 << 20  # bytes
LARGEST_WISH = 1 << 16  # bytes
SOUNDS_FOLDER = "sounds"  # in the project's folder: what was dropped into the page
_NAME = re.compile(r"[^\w .()+-]+")


class FileRoutes:
    """Addresses that keep or write files.

    Args:
        workspace: whose folder they lie in.
    """

    def __init__(self, workspace: Workspace):
        self.workspace = workspace

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/api/save", self.save, methods=["POST"]),
            Route("/api/upload", self.upload, methods=["POST"]),
            Route("/api/export", self.export, methods=["POST"]),
        ]

    async def save(self, request: Request) -> Response:
        body = await body_of(request, LARGEST_WISH)
        return await threaded(self._save, body)

    def _save(self, body: bytes) -> Response:
        name = text_of(body, "name")
        path = None
        if name:
            path = self._inside(name)
            if path.suffix.lower() not in (".yaml", ".yml"):
                raise InputError("End the name of the project in .yaml.")
        return JSONResponse({"path": str(self.workspace.save(path))})

    async def upload(self, request: Request) -> Response:
        """A sound as the request's body, named by `name`, into the project's folder."""
        name = request.query_params.get("name", "")
        body = await body_of(request, LARGEST_UPLOAD)
        return await threaded(self._keep, name, body)

    def _keep(self, name: str, body: bytes) -> Response:
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
        body = await body_of(request, LARGEST_WISH)
        return await threaded(self._export, body)

    def _export(self, body: bytes) -> Response:
        path = self._inside(text_of(body, "name"))
        overwrite = text_of(body, "overwrite") == "yes"
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
