"""What goes along with the pictures of a clip: tags and chapters; and what did not."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av

from vsg_tf.containers import open_container
from vsg_tf.media.clock import PictureClock
from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.streams import find_timecode

# What a container or an encoder says of itself, and not the author of the material.
_TECHNICAL = frozenset(
    {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "encoder",
        "duration",
        "vendor_id",
        "handler_name",
        "rotate",
        "timecode",
        "bps",
        "number_of_frames",
        "number_of_bytes",
        "hw",
        "te_is_reference",
        "software",
    }
)


def file_tags(container: av.container.InputContainer) -> dict[str, str]:
    """Tags of a file that are worth keeping: title, creation time, place, and so on."""
    tags = container.metadata
    return {
        name: value
        for name, value in tags.items()
        # MP4 gives the place a second time, with a language.
        if not _is_technical(name) and (name.rpartition("-")[0] or "-") not in tags
    }


def stream_tags(stream: av.stream.Stream) -> dict[str, str]:
    """Tags of a stream that are worth keeping: language, title, whether it has alpha."""
    tags = {name: value for name, value in stream.metadata.items() if not _is_technical(name)}
    if "name" in tags:  # what QuickTime calls the title of a track
        tags.setdefault("title", tags.pop("name"))
    return tags


def shifted_chapters(container: av.container.InputContainer, clock: PictureClock) -> list[dict]:
    """Chapters on a clock whose 0 is the first picture, without those that are over by then."""
    chapters = []
    for chapter in container.chapters():
        unit = chapter["time_base"]
        offset = round(clock.start_s / unit)
        start, end = max(0, chapter["start"] - offset), chapter["end"] - offset
        if end > start:
            chapters.append({**chapter, "start": start, "end": end})
    return chapters


def left_out(file: MediaFile, index: int, written: Path, output: Path) -> tuple[str, ...]:
    """One sentence on what a written file does not hold of its source; none if it holds all.

    Args:
        file: the source.
        index: of the pictures in it.
        written: the new file.
        output: the name it will have.
    """
    with file.reading([index]) as (source, _), open_container(written) as target:
        missing = _missing_streams(source, target, index)
        if len(target.chapters()) < len(source.chapters()):
            missing.append("chapters")
        before, after = source.streams[index], target.streams.video[0]
        if find_timecode(source, before) and not find_timecode(target, after):
            missing.append("the timecode")
        if _pixel_shape(before) != _pixel_shape(after):
            missing.append("the shape of its pixels")
        if "alpha_mode" in _lower(before.metadata) and "alpha_mode" not in _lower(after.metadata):
            missing.append("its transparency")
        kept = _lower(target.metadata)
        names = sorted(name for name in file_tags(source) if name.lower() not in kept)
        if names:
            missing.append(f"the {'tag' if len(names) == 1 else 'tags'} {', '.join(names)}")
    if not missing:
        return ()
    return (f"{output} does not hold everything of {file.path}; missing: {'; '.join(missing)}.",)


def _missing_streams(source, target, index: int) -> list[str]:
    missing = []
    for kind, name in (("subtitle", "subtitles"), ("attachment", "attachments")):
        wanted = [stream for stream in source.streams if stream.type == kind]
        kept = sum(stream.type == kind for stream in target.streams)
        if kept < len(wanted):
            codecs = sorted({stream.name for stream in wanted if stream.name})
            missing.append(f"{name} ({', '.join(codecs)})" if codecs else name)
    if any(stream.type == "video" and stream.index != index for stream in source.streams):
        missing.append("its other pictures (a cover, thumbnails or another video track)")
    data = [s for s in source.streams if s.type == "data" and "timecode" not in s.metadata]
    if any(not _is_chapters(stream, source) for stream in data):
        missing.append("a data track")
    return missing


def _is_chapters(stream: av.stream.Stream, source: av.container.InputContainer) -> bool:
    """Chapters of MP4 are a track of text beside a table of times."""
    return stream.name == "bin_data" and bool(source.chapters())


def _pixel_shape(stream: av.VideoStream) -> Fraction:
    """Width by height; PyAV writes none into Matroska, where most codecs know it themselves."""
    return stream.sample_aspect_ratio or Fraction(1)


def _lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def _is_technical(name: str) -> bool:
    name = name.lower()
    return name in _TECHNICAL or name.startswith("_statistics") or name.split("-")[0] in _TECHNICAL
