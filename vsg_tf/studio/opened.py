"""A project with its files open: timings found once, voices ready, layers rendered."""

import dataclasses
import os
from functools import cached_property
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.inference.jobs import Voices
from vsg_tf.inference.mixing import Strip, mix
from vsg_tf.inference.synthesizer import Rendering, Synthesizer
from vsg_tf.inference.watching import Cancel, Progress
from vsg_tf.studio.project import Layer, Project, find_files, load_project
from vsg_tf.timing.sources import Scene, TimingRequest, find_timing
from vsg_tf.timing.timing import LevelCurve, Timing
from vsg_tf.video.clip import Clip


class OpenProject:
    """A project that can be rendered.

    Args:
        project: the project.
        folder: that its paths start from.
        synthesizer: the model.

    Attributes:
        project: what is rendered; may be replaced by one of the same clip.
        clip: the video, open until `close` or the end of a `with` block.

    Raises:
        InputError: a file is missing, is another one, or cannot be used.
    """

    def __init__(self, project: Project, folder: Path, synthesizer: Synthesizer):
        self.project, self.folder, self.synthesizer = project, folder, synthesizer
        files = find_files(project, folder)
        self.voices = Voices(synthesizer)
        self.clip = Clip.open(files["clip"])

    @classmethod
    def load(cls, path: str | os.PathLike, synthesizer: Synthesizer) -> "OpenProject":
        """Open a project file; errors as above and as `load_project`."""
        path = Path(path)
        return cls(load_project(path), path.absolute().parent, synthesizer)

    def close(self) -> None:
        """Close the clip."""
        self.clip.close()

    def __enter__(self) -> "OpenProject":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @cached_property
    def picture(self) -> Timing:
        """What the pictures tell; decoded when it is first asked for."""
        return self.synthesizer.picture(self.clip)

    @cached_property
    def guide(self) -> Timing:
        """What the guide tells.

        Raises:
            InputError: there is no guide, or it cannot be used.
        """
        guide = self.project.guide
        if guide is None:
            raise InputError("The project has no guide; choose one first.")
        options = guide_options(guide.options)
        file = None if guide.file is None else guide.file.find(self.folder)
        request = TimingRequest("guide", file, options)
        return find_timing(request, Scene(self.clip, None, lambda: self.picture))

    def forget_guide(self) -> None:
        """Measure the guide anew when it is next asked for."""
        self.__dict__.pop("guide", None)

    def level(self, layer: Layer) -> LevelCurve | None:
        """The level curve that a layer follows."""
        sources = {"none": lambda: None, "guide": lambda: self.guide.level}
        sources["picture"] = lambda: self.picture.level
        return sources[layer.level]()

    def timing(self, layer: Layer) -> Timing:
        """The timing of a layer."""
        return Timing(
            self.clip.duration_s, layer.events.track(), self.level(layer), layer.estimated
        )

    def render(
        self, layer: Layer, progress: Progress | None = None, cancel: Cancel | None = None
    ) -> Rendering:
        """The sound of one layer, without its place in the mix."""
        voice = self.voices.get([link.find(self.folder) for link in layer.references])
        options = layer.render_options()
        return self.synthesizer.render(self.timing(layer), voice, options, progress, cancel)

    def mixed(
        self,
        sample_rate: int | None = None,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Rendering:
        """All layers that are not muted, as one sound."""
        heard = [layer for layer in self.project.layers if not layer.muted]
        strips = [
            Strip(self.render(layer, progress, cancel), layer.gain_db, layer.pan) for layer in heard
        ]
        return mix(strips, self.clip.duration_s, sample_rate)


def guide_options(values: dict):
    """Options of a guide from a project's values.

    Raises:
        InputError: one is unknown or out of its range.
    """
    from vsg_tf.timing.guide import GuideOptions

    known = {field.name for field in dataclasses.fields(GuideOptions)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise InputError(f"The guide has no option {unknown[0]!r}; it has {', '.join(known)}.")
    return GuideOptions(**values)
