"""What a studio works on: a project, and the sounds that were made for it so far.

Sounds are kept by what they were made from. An edit asks for new ones, which one thread makes in
the background; what was asked for before and is no longer wanted is stopped. Going back to an
earlier state finds its sounds still there.
"""

import hashlib
import json
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vsg_tf.audio.reading import Sound, load_reference, load_sound
from vsg_tf.errors import Cancelled, InputError, VsgError
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.studio.opened import OpenProject
from vsg_tf.studio.project import EventList, Layer, Project, save_project
from vsg_tf.studio.stored_sound import StoredSound

KEPT_SOUNDS = 200  # of layers, made for states of the project that may come back
ORIGINAL, GUIDE = "original", "guide"


@dataclass
class Made:
    """A sound that is wanted, being made, or there.

    Args:
        state: `waiting`, `making`, `ready` or `failed`.
        message: why it failed, a sentence.
        done: how far it is, 0 to 1.
        sound: once it is ready.
        events: what is played in it, for a layer.
        notes: sentences for the user.
    """

    state: str = "waiting"
    message: str = ""
    done: float = 0.0
    sound: StoredSound | None = None
    events: EventList | None = None
    notes: tuple[str, ...] = ()
    cancelled: bool = field(default=False, repr=False)

    def describe(self) -> dict:
        """As JSON."""
        found = {"state": self.state, "message": self.message, "done": self.done}
        if self.sound is not None:
            found |= {
                "sample_rate": self.sound.sample_rate,
                "channels": self.sound.channels,
                "samples": self.sound.samples,
            }
        if self.events is not None:
            found["events"] = self.events.model_dump(mode="json")
        return found | {"notes": list(self.notes)}


class Workspace:
    """A project under work.

    Args:
        project: what is worked on.
        folder: that its paths start from.
        synthesizer: the model.
        path: where it is saved; None: not yet known.

    Raises:
        InputError: as `OpenProject`.
    """

    def __init__(
        self, project: Project, folder: Path, synthesizer: Synthesizer, path: Path | None = None
    ):
        self.opened = OpenProject(project, folder, synthesizer)
        self.folder, self.path = folder, path
        self.revision = 1
        self.scratch = Path(tempfile.mkdtemp(prefix="vsg-studio-"))
        self._made: OrderedDict[str, Made] = OrderedDict()
        self._changed = threading.Condition()
        self.rendering = threading.Lock()  # networks and files are used by one thread at a time
        self._closed = self._waits_end = False
        self._worker = threading.Thread(target=self._work, name="studio-render", daemon=True)
        self._worker.start()
        with self._changed:
            self._want_layers()

    def end_waits(self) -> None:
        """Let everybody go who waits for a change."""
        with self._changed:
            self._waits_end = True
            self._changed.notify_all()

    def close(self) -> None:
        """Stop working and delete the sounds; the project stays as it was saved."""
        with self._changed:
            self._closed = True
            for made in self._made.values():
                made.cancelled = True
            self._changed.notify_all()
        self._worker.join(timeout=30)
        self.opened.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    @property
    def project(self) -> Project:
        """What is worked on."""
        return self.opened.project

    def replace(self, project: Project) -> int:
        """Go on with another state of the project; its sounds are made.

        Args:
            project: of the same clip.

        Returns:
            The new revision.

        Raises:
            InputError: it is of another clip.
        """
        with self._changed:
            if project.clip != self.project.clip:
                raise InputError("This page works on another clip; open the project anew.")
            if project.guide != self.project.guide:
                self.opened.forget_guide()
                self._made.pop(GUIDE, None)
            self.opened.project = project
            self.revision += 1
            self._want_layers()
            return self.revision

    def save(self, path: Path | None = None) -> Path:
        """Write the project to `path`, or where it was saved last.

        Raises:
            InputError: no place is known, or it cannot be written.
        """
        with self._changed:
            path = path or self.path
            if path is None:
                raise InputError("Say under which name the project is to be saved.")
            save_project(path, self.project)
            self.path = path
            return path

    def layer_key(self, layer: Layer) -> str:
        """What names the sound of a layer: everything it is made from, and nothing else."""
        values = layer.model_dump(
            mode="json", include={"references", "events", "level", "estimated", "options"}
        )
        if layer.level == "guide" and self.project.guide is not None:
            values["guide"] = self.project.guide.model_dump(mode="json")
        text = json.dumps(values, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def describe(self) -> dict:
        """Everything a page shows, as JSON."""
        clip = self.opened.clip
        with self._changed:
            keys = [self.layer_key(layer) for layer in self.project.layers]
            return {
                "revision": self.revision,
                "project": self.project.model_dump(mode="json"),
                "path": None if self.path is None else str(self.path),
                "clip": {
                    "name": clip.path.name,
                    "duration_s": clip.duration_s,
                    "width": clip.width,
                    "height": clip.height,
                    "frame_rate": [clip.frame_rate.numerator, clip.frame_rate.denominator],
                    "timecode": clip.timecode,
                    "has_sound": bool(clip.tracks),
                },
                "layers": keys,
                "sounds": {key: self._made[key].describe() for key in {*keys} & {*self._made}},
            }

    def wait_for_change(self, revision: str, seconds: float) -> None:
        """Return once `progress_mark` is no longer `revision`, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._mark() != revision or self._closed or self._waits_end, seconds
            )

    def progress_mark(self) -> str:
        """Changes whenever something that `describe` tells has changed."""
        with self._changed:
            return self._mark()

    def _mark(self) -> str:
        states = [(key, made.state, round(made.done, 2)) for key, made in self._made.items()]
        return hashlib.sha256(repr((self.revision, states)).encode()).hexdigest()[:16]

    def sound(self, key: str) -> StoredSound:
        """A sound that is there: of a layer, `original`, `guide`, or a reference by its digest.

        Raises:
            InputError: there is no such sound, or it is not ready.
        """
        with self._changed:
            made = self._made.get(key)
        if made is None:
            self._load_file(key)
            made = self._made[key]
        if made.sound is None:
            raise InputError(made.message or "The sound is still being made.")
        return made.sound

    def _load_file(self, key: str) -> None:
        """Read the clip's own sound, the guide's or a reference's."""
        sources: dict[str, Callable[[], Sound]] = {ORIGINAL: self.opened.clip.sound}
        guide = self.project.guide
        if guide is not None:
            file = guide.file
            sources[GUIDE] = (
                self.opened.clip.sound
                if file is None
                else lambda: load_sound(file.find(self.folder))
            )
        for layer in self.project.layers:
            for link in layer.references:
                sources[link.sha256] = lambda link=link: load_reference(link.find(self.folder))
        if key not in sources:
            raise InputError("There is no such sound.")
        with self.rendering:
            sound = sources[key]()
        stored = self._store(key, [sound.waveform], sound.sample_rate, sound.waveform.shape[1])
        with self._changed:
            self._made[key] = Made("ready", done=1.0, sound=stored)

    def _store(self, key: str, blocks, sample_rate: int, channels: int) -> StoredSound:
        try:
            return StoredSound.write(self.scratch / f"{key}.f32", blocks, sample_rate, channels)
        except OSError as error:
            raise InputError(
                f"The sound cannot be kept in {self.scratch} ({error.strerror}); free some space."
            ) from error

    def _want_layers(self) -> None:
        """Ask for the sounds of all layers; stop what is no longer wanted. The lock is held."""
        wanted = {self.layer_key(layer): layer for layer in self.project.layers}
        for key, made in list(self._made.items()):
            if made.state in ("waiting", "making") and key not in wanted:
                made.cancelled = True
                del self._made[key]
        for key in wanted:
            if key not in self._made or self._made[key].state == "failed":
                self._made[key] = Made()
            self._made.move_to_end(key)
        self._drop_oldest(wanted)
        self._changed.notify_all()

    def _drop_oldest(self, wanted) -> None:
        old = [key for key, made in self._made.items() if made.events and key not in wanted]
        for key in old[: max(0, len(old) - KEPT_SOUNDS)]:
            self._made.pop(key).sound.path.unlink(missing_ok=True)

    def _next(self) -> tuple[str, Made, Layer] | None:
        for layer in self.project.layers:
            key = self.layer_key(layer)
            made = self._made.get(key)
            if made is not None and made.state == "waiting":
                return key, made, layer
        return None

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._next() is not None)
                if self._closed:
                    return
                key, made, layer = self._next()
                made.state = "making"
                self._changed.notify_all()
            try:
                with self.rendering:
                    self._render(key, made, layer)
            except Cancelled:
                made.state = "waiting"
            except VsgError as error:
                made.state, made.message = "failed", str(error)
            except Exception as error:  # a fault of ours must not end the thread
                made.state, made.message = "failed", f"The sound could not be made: {error!r}."
            with self._changed:
                self._changed.notify_all()

    def _render(self, key: str, made: Made, layer: Layer) -> None:
        def progress(stage: str, done: float) -> None:
            made.done = done
            with self._changed:
                self._changed.notify_all()

        rendering = self.opened.render(layer, progress, lambda: made.cancelled)
        sound = self._store(key, rendering.blocks, rendering.sample_rate, rendering.channels)
        made.sound, made.events = sound, EventList.of(rendering.timing.events)
        made.notes = rendering.timing.notes
        made.done, made.state = 1.0, "ready"

    def picture_curves(self) -> dict:
        """What the model sees: the level it predicts, and the events it picks."""
        with self.rendering:
            timing = self.opened.picture
        return _curves(timing)

    def guide_curves(self) -> dict:
        """What the guide tells; errors as `OpenProject.guide`."""
        with self.rendering:
            timing = self.opened.guide
        return _curves(timing)


def _curves(timing) -> dict:
    level = timing.level
    found = {
        "events": EventList.of(timing.events).model_dump(mode="json"),
        "estimated": timing.estimated,
        "notes": list(timing.notes),
    }
    if level is not None:
        found["level"] = {"rate": level.rate, "db": np.round(level.db, 2).tolist()}
    return found
