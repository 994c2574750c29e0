"""An audio stream as blocks of samples that begin with the first picture."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np

from vsg_tf.media.packets import decode, flush

_GAP = 0.1  # s; sound that comes later than it should by more was lost before
_LONGEST_FILL = 1 << 20  # samples of silence made at a time


def sound_blocks(
    packets: Iterable[av.Packet],
    stream: av.AudioStream,
    start: Fraction | None,
    sample_rate: int | None = None,
    layout: str | None = None,
) -> Iterator[tuple[np.ndarray, int]]:
    """Decode an audio stream in constant memory; lost sound becomes silence.

    Args:
        packets: of the stream alone, from its start.
        stream: theirs.
        start: time in s, on the file's clock, of sample 0: sound before it is dropped, a late
            start is filled with silence. None: sample 0 is the first there is.
        sample_rate: wanted samples per second; None keeps the stream's own.
        layout: wanted channel layout, "mono" or "stereo"; None keeps the stream's own.

    Yields:
        Blocks `[channels, samples]` float32 and their samples per second.
    """
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=sample_rate)
    done = None  # samples from time `start` to the next block
    for frame in _resampled(packets, stream, resampler):
        block, rate = frame.to_ndarray(), frame.sample_rate
        place = None if frame.time is None or start is None else (frame.time - start) * rate
        if done is None:
            done = 0 if place is None else round(place)
            missing = done
        else:
            late = 0 if place is None else round(place) - done
            missing = late if late > _GAP * rate else 0
            done += missing
        while missing > 0:
            fill = min(missing, _LONGEST_FILL)
            yield np.zeros((block.shape[0], fill), np.float32), rate
            missing -= fill
        kept = block[:, max(0, -done) :]
        done += block.shape[1]
        if kept.shape[1]:
            yield kept, rate


def _resampled(packets, stream, resampler) -> Iterator[av.AudioFrame]:
    for packet in packets:
        for frame in decode(packet):
            yield from resampler.resample(frame)
    for frame in flush(stream):
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
