"""A project's mix as files."""

import contextlib
from pathlib import Path

from vsg_tf.atomic import atomic_path, check_output, scratch_folder
from vsg_tf.inference import sound_files
from vsg_tf.inference.watching import Cancel, Progress
from vsg_tf.studio.opened import OpenProject
from vsg_tf.video import muxing


def check_export(output: Path, overwrite: bool = False) -> None:
    """Find out in no time whether a mix can be written.

    Raises:
        InputError: the suffix is none that can be written, or the path cannot be written.
    """
    muxing.check_suffix(output, also=sound_files.SUFFIXES)
    check_output(output, overwrite)


def export_mix(
    opened: OpenProject,
    output: Path,
    overwrite: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> tuple[str, ...]:
    """Write the mix of a project as a video or as the sound alone.

    Args:
        opened: the project.
        output: .mp4, .mov, .mkv, .wav or .flac.
        overwrite: replace an existing file.
        progress, cancel: see `vsg_tf.inference.watching`.

    Returns:
        Sentences for the user.

    Raises:
        InputError: it cannot be written, or a file of the project cannot be used.
        Cancelled: `cancel` said so; nothing is left behind.
    """
    check_export(output, overwrite)
    rendering = opened.mixed(progress=progress, cancel=cancel)
    with contextlib.ExitStack() as files:
        if sound_files.is_sound(output):
            written = files.enter_context(atomic_path(output, overwrite))
            sound_files.write_sound([written], rendering, 0.0)
            return ()
        written = files.enter_context(scratch_folder(output)) / "sound.wav"
        sound_files.write_sound([written], rendering, 0.0)
        return opened.clip.mux(
            written,
            output,
            overwrite=overwrite,
            keep_original_db=opened.project.keep_original_db,
        )
