"""The pictures of a video as small timed arrays."""

from collections.abc import Iterator

import numpy as np
from av.video.reformatter import VideoReformatter

from vsg_tf.media.media_file import MediaFile
from vsg_tf.media.pictures import PictureStream, decode_pictures, quarter_turns

_FORMATS = {"gray": "gray", "rgb": "rgb24", "bgr": "bgr24"}
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
    # Decoded whole: decoders that give smaller pictures save half of the little time that this
    # takes, and move a pixel by up to 40 grey levels, which the motion features amplify.
    with file.reading([pictures.index]) as (container, packets):
        stream = container.streams[pictures.index]
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
