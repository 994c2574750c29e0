"""A hand-over into a folder that appears whole or not at all."""

import contextlib
import os
from collections.abc import Iterable, Iterator

from vsg_tf.atomic import atomic_folder, check_output_folder
from vsg_tf.errors import InputError
from vsg_tf.handover.contents import CONTENTS, write_contents
from vsg_tf.handover.description import Session
from vsg_tf.handover.formats import chosen
from vsg_tf.handover.media import write_media
from vsg_tf.handover.samples import BitDepth, check_bit_depth, check_sample_rate


def check_handover(
    folder: str | os.PathLike,
    formats: Iterable[str],
    bit_depth: int,
    sample_rate: int | None = None,
    overwrite: bool = False,
) -> None:
    """Find out in no time what would make `open_handover` fail; arguments as there.

    Raises:
        InputError: the folder exists and `overwrite` is False, or holds anything but an earlier
            hand-over, or cannot be written; or a format, depth or rate does not exist.
        MissingExtraError: a format's library is not installed.
    """
    folder = check_output_folder(folder, overwrite)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / CONTENTS).is_file():
        raise InputError(
            f"The folder {folder} holds something else than a hand-over, which would be deleted; "
            "name a new folder."
        )
    if not chosen(formats):
        raise InputError("Name at least one format to hand over.")
    check_bit_depth(bit_depth)
    if sample_rate is not None:
        check_sample_rate(sample_rate)


@contextlib.contextmanager
def open_handover(
    folder: str | os.PathLike,
    session: Session,
    formats: Iterable[str],
    bit_depth: BitDepth = 24,
    overwrite: bool = False,
) -> Iterator[tuple[str, ...]]:
    """Write what an editor takes along; the folder appears when the block ends well.

    Args:
        folder: new, or an earlier hand-over that is replaced.
        session: what was made.
        formats: names from `formats.FORMATS`.
        bit_depth: of all sounds: 16, 24, or 32 for floating point.
        overwrite: replace an earlier hand-over.

    Yields:
        Sentences for the user.

    Raises:
        InputError: as `check_handover`, or the guide cannot be read, or the disk is full; nothing
            is left behind.
    """
    names = tuple(formats)
    check_handover(folder, names, bit_depth, session.sample_rate, overwrite)
    wanted = chosen(names)
    with atomic_folder(folder, overwrite) as temporary:
        needs = max(found.needs for found in wanted)
        written = write_media(temporary, session, bit_depth, needs)
        for found in wanted:
            found.write(written)
        write_contents(written, wanted)
        yield written.notes


def write_handover(
    folder: str | os.PathLike,
    session: Session,
    formats: Iterable[str],
    bit_depth: BitDepth = 24,
    overwrite: bool = False,
) -> tuple[str, ...]:
    """Write what an editor takes along, and give sentences for the user; as `open_handover`."""
    with open_handover(folder, session, formats, bit_depth, overwrite) as notes:
        return notes
