"""Streams that hold the picture packets of another file as they are."""

import io
import itertools
import struct

import av
import numpy as np
from av.bitstream import BitStreamFilterContext

from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.pictures import PictureStream

FORMATS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
_NO_TAG = "\0\0\0\0"  # the container puts in its own
_HEVC_TAG = "hvc1"  # the one of two that all players take
# Every container of ours holds it: its place is taken by the pictures that are copied.
_PLACEHOLDER = "mpeg4"
# Pairs of these and our containers of which FFmpeg writes the header are read again. Of others,
# what is missing in a header is found out by a trial.
_WELL_HELD = frozenset(
    {"h264", "hevc", "av1", "vp8", "vp9", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "prores"}
)
_TRIAL = 8  # packets
# Codecs that QuickTime's description tells how many bits a pixel has; Matroska stores it whole.
_DESCRIBED = frozenset({"qtrle", "8bps"})
_DESCRIPTION = struct.Struct(">I4s6xH16xHHIIIH32sHh")


def find_way(file: MediaFile, pictures: PictureStream, suffix: str) -> bool | None:
    """How the container of a suffix holds the pictures of a file.

    Returns:
        Whether the source's four-letter tag is kept; None: the container cannot hold them.
    """
    tag = _tag(file.container.streams[pictures.index])
    # Containers have a tag of their own for pictures without one; the one they have for HEVC is
    # refused by Apple's players.
    bare = tag == _NO_TAG and pictures.codec == "hevc" and suffix != ".mkv"
    for own_tag in (False,) if bare else (True, False):
        if _works(file, pictures, suffix, own_tag):
            return own_tag
    return None


def add_pictures(
    target: av.container.OutputContainer,
    stream: av.VideoStream,
    pictures: PictureStream,
    own_tag: bool,
) -> av.VideoStream:
    """Add a stream for packets of another one.

    PyAV's own templates know fewer pairs of codec and container than FFmpeg and drop the codec's
    tag. A filter that changes nothing carries over all that the source says of its pictures.

    Args:
        target: the file to be written.
        stream: the source's.
        pictures: the same.
        own_tag: see `find_way`; a container refuses tags that it does not know, and some tags mean
            more than their codec (ap4h has alpha, apch has not).
    """
    matroska = target.format.name == "matroska"
    described = own_tag and matroska and pictures.codec in _DESCRIBED
    shape = stream.sample_aspect_ratio  # some containers know it and not the codec
    if own_tag and not described and shape == stream.codec_context.sample_aspect_ratio:
        size = {"width": stream.codec_context.width, "height": stream.codec_context.height}
        # A container takes a rate for the length of each picture.
        rate = pictures.frame_rate if pictures.steady else None
        copied = target.add_mux_stream(_PLACEHOLDER, rate=rate, **size)
        BitStreamFilterContext("null", stream, copied)
    else:
        with av.open(io.BytesIO(_placeholder())) as other:
            copied = target.add_stream_from_template(other.streams.video[0], opaque=True)
        BitStreamFilterContext("null", stream, copied)
        if not own_tag:
            apple = pictures.codec == "hevc" and not matroska
            copied.codec_context.codec_tag = _HEVC_TAG if apple else _NO_TAG
        if described:
            copied.codec_context.extradata = _description(stream)
        if shape:
            copied.codec_context.sample_aspect_ratio = shape
    copied.time_base = stream.time_base
    return copied


def _tag(stream: av.VideoStream) -> str:
    try:
        return stream.codec_context.codec_tag
    except UnicodeDecodeError:  # not four letters
        return _NO_TAG


def _placeholder() -> bytes:
    """The smallest file with a stream of pictures."""
    file = io.BytesIO()
    with av.open(file, "w", format="nut") as target:
        stream = target.add_stream(_PLACEHOLDER, rate=25)
        stream.width = stream.height = 16
        grey = np.zeros((16, 16), np.uint8)
        target.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="gray")))
        target.mux(stream.encode(None))
    return file.getvalue()


def _description(stream: av.VideoStream) -> bytes:
    """QuickTime's description of pictures (QuickTime File Format, "Video sample description")."""
    context = stream.codec_context
    own = context.extradata or b""
    dpi = 72 << 16
    fixed = _DESCRIPTION.pack(
        _DESCRIPTION.size + len(own),
        context.codec_tag.encode("ascii"),
        1,
        context.width,
        context.height,
        dpi,
        dpi,
        0,
        1,
        bytes(32),
        context.bits_per_coded_sample,
        -1,
    )
    return fixed + own


def _works(file: MediaFile, pictures: PictureStream, suffix: str, own_tag: bool) -> bool:
    """Whether a container takes the pictures, and gives them back."""
    with file.reading([pictures.index]) as (container, packets):
        stream = container.streams[pictures.index]
        written = io.BytesIO()
        try:
            with av.open(written, "w", format=FORMATS[suffix]) as target:
                copied = add_pictures(target, stream, pictures, own_tag)
                target.start_encoding()
                if pictures.codec in _WELL_HELD:
                    return True
                first = pictures.clock.first
                for packet in itertools.islice(packets, first, first + _TRIAL):
                    packet.pts = packet.dts = packet.dts if packet.pts is None else packet.pts
                    packet.stream = copied
                    target.mux(packet)
            written.seek(0)
            with av.open(written) as again:
                shown = next(again.decode(video=0), None)
        except (av.FFmpegError, ValueError):
            return False
    return shown is not None and (shown.width, shown.height) == (pictures.width, pictures.height)
