"""A project's layers as stems, items and sessions for an editor."""

import contextlib
from pathlib import Path

from vsg_tf.errors import InputError
from vsg_tf.inference.delivery import AS_MADE, Delivery
from vsg_tf.inference.handing_over import GuideSound, MadeLayer, handed_over
from vsg_tf.inference.mixing import Strip
from vsg_tf.inference.raw_sound import stored
from vsg_tf.inference.watching import Cancel, Progress
from vsg_tf.studio.opened import OpenProject, guide_options


def hand_over_project(
    opened: OpenProject,
    folder: Path,
    delivery: Delivery = AS_MADE,
    overwrite: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[str, ...]:
    """Write what an editor takes along: every layer that is not muted, as it is in the mix.

    Args:
        opened: the project.
        folder: new, or an earlier hand-over that is replaced.
        delivery: in which form.
        overwrite: replace an earlier hand-over.
        progress, cancel: see `vsg_tf.inference.watching`.

    Returns:
        Sentences for the user.

    Raises:
        InputError: no layer is heard, or as `handover.writing.write_handover`.
        Cancelled: `cancel` said so; nothing is left behind.
    """
    delivery.check_folder(folder, overwrite)
    delivery.clock(opened.clip)
    heard = [layer for layer in opened.project.layers if not layer.muted]
    if not heard:
        raise InputError("No layer is heard; add one, or unmute one, before handing over.")
    renderings = [opened.render(layer, progress, cancel) for layer in heard]
    rate = delivery.sample_rate or max(rendering.sample_rate for rendering in renderings)
    with contextlib.ExitStack() as files:
        made = []
        for layer, rendering in zip(heard, renderings, strict=True):
            at_rate = rendering.at_rate(rate)
            strip = Strip(at_rate, layer.gain_db, layer.pan)
            channels = 2 if layer.pan or rendering.channels == 2 else 1
            raw = files.enter_context(stored(at_rate, folder))
            factors = tuple(float(factor) for factor in strip.factors(channels))
            made.append(MadeLayer(layer.name, at_rate, raw, factors))
        guide = _guide(opened)
        return files.enter_context(
            handed_over(folder, made, 0.0, opened.clip, guide, delivery, overwrite)
        )


def _guide(opened: OpenProject) -> GuideSound | None:
    """The project's guide, or else the clip's own sound, if it has one."""
    guide, clip = opened.project.guide, opened.clip
    options = None if guide is None else guide_options(guide.options)
    track = None if options is None else options.track
    offset = 0.0 if options is None else options.offset_ms / 1000
    if guide is not None and guide.file is not None:
        return GuideSound(guide.file.find(opened.folder), track or 1, offset)
    if not clip.tracks:
        return None
    return GuideSound(clip.path, track or clip.sounding_track, offset)
