"""The pictures of a video as small timed arrays."""

from collections.abc import Iterator

import numpy as np
from av.video.reformatter import VideoReformatter

from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.pictures import PictureStream, decode_pictures, quarter_turns

_FORMATS = {"gray": "gray", "rgb": "rgb24", "bgr": "bgr24"}
# Decoders that give pictures of a half, a quarter or an eighth of the size for less work.
_REDUCIBLE = frozenset({"mjpeg", "mpeg1video", "mpeg2video", "mpeg4", "dvvideo"})
_MOST_REDUCED = 3
_SPARE = 2  # decoded pictures stay larger than those wanted by at least this factor
_SHORTEST_STEP = 1e-4  # s between pictures whose times do not ascend


def iterate_frames(
    file: MediaFile,
    pictures: PictureStream,
    width: int,
    height: int,
    colour: str,
    scaling: str,
) -> Iterator[tuple[float, np.ndarray]]:
    """Decode a stream of pictures; see `vsg_tf.video.clip.Clip.frames`."""
    clock, form, scaling = pictures.clock, _FORMATS[colour], scaling.upper()
    turned = pictures.turns % 2
    reduced = _reduction(pictures, *((height, width) if turned else (width, height)))
    with file.reading([pictures.index], fresh=reduced > 0) as (container, packets):
        stream = container.streams[pictures.index]
        if reduced:
            stream.codec_context.options = {"lowres": str(reduced)}
        scaler = VideoReformatter()  # a frame's own reformat() would set one up for each frame
        last = None
        for frame in decode_pictures(packets, stream, clock.first, clock.pts):
            if frame.pts is None:
                continue
            time = clock.seconds(frame.pts)
            if time < 0:
                continue
            last = time if last is None or time > last else last + _SHORTEST_STEP
            turns = quarter_turns(frame)
            size = (height, width) if turns % 2 else (width, height)
            scaled = scaler.reformat(frame, *size, form, interpolation=scaling, threads=1)
            yield last, np.ascontiguousarray(np.rot90(scaled.to_ndarray(), turns))


def _reduction(pictures: PictureStream, width: int, height: int) -> int:
    """How often the decoder may halve pictures that are wanted so small."""
    if pictures.codec not in _REDUCIBLE:
        return 0
    spare = min(pictures.width // (width * _SPARE), pictures.height // (height * _SPARE))
    return min(_MOST_REDUCED, max(0, spare.bit_length() - 1))
