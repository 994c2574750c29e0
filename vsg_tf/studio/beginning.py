"""What a studio begins with: a project that is there, or a new one of a clip and sounds."""

from collections.abc import Sequence
from pathlib import Path

from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.inference.synthesizer import Synthesizer
from vsg_tf.studio.project import EventList, FileLink, Guide, Layer, Project, load_project
from vsg_tf.timing.sources import PICTURE, Scene, find_timing, guide_request
from vsg_tf.video.clip import Clip


def begin_project(
    clip: Path | None,
    references: Sequence[Path],
    guide: str | None,
    path: Path | None,
    synthesizer: Synthesizer,
) -> tuple[Project, Path, Path | None]:
    """The project that is worked on.

    Args:
        clip: a video; None where a project is opened.
        references: one layer is made of each.
        guide: `own`, or a file.
        path: of a project, which is read if it is there.
        synthesizer: the model, which times the layers by the picture where there is no guide.

    Returns:
        The project, the folder that its paths start from, and where it is saved if that is known.

    Raises:
        InputError: a file cannot be used, or a project is there and a clip is given.
    """
    if path is not None and path.is_file():
        if clip is not None or references or guide is not None:
            raise InputError(
                f"The project {path} is there; open it without a clip, sounds and guide, or give "
                "another --project."
            )
        return load_project(path), path.absolute().parent, path
    clip = check_input(clip)
    folder = (clip if path is None else path).absolute().parent
    for reference in references:
        check_input(reference)
    layers = []
    if references:
        with Clip.open(clip) as opened:
            request = PICTURE if guide is None else guide_request(guide)
            timing = find_timing(request, Scene(opened, None, lambda: synthesizer.picture(opened)))
        layers = [
            Layer(
                name=reference.stem[:200] or "layer",
                references=[FileLink.to(reference, folder)],
                events=EventList.of(timing.events),
                level="none" if guide is None else "guide",
                estimated=timing.estimated,
            )
            for reference in references
        ]
    chosen = None
    if guide is not None:
        file = None if guide == "own" else FileLink.to(check_input(Path(guide)), folder)
        chosen = Guide(file=file)
    return Project(clip=FileLink.to(clip, folder), guide=chosen, layers=layers), folder, path
