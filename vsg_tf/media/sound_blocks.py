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
    early = late = 0.0  # s still to be cut off; s of silence still to be put in
    end = None  # s from `start` to the end of the sound so far
    for frame in _frames(packets, stream):
        if frame is not None:
            timed = frame.time is not None and start is not None
            time = frame.time - float(start) if timed else end or 0.0
            if end is None:
                early, late = max(0.0, -time), max(0.0, time)
            elif time - end > _GAP:
                cut = min(early, time - end)
                early, late = early - cut, late + time - end - cut
            else:
                time = end
            end = time + frame.samples / frame.sample_rate
        for resampled in resampler.resample(frame):
            block, rate = resampled.to_ndarray(), resampled.sample_rate
            yield from _silence(round(late * rate), block.shape[0], rate)
            cut = min(round(early * rate), block.shape[1])
            early, late = early - cut / rate, 0.0
            if cut < block.shape[1]:
                yield block[:, cut:], rate


def _frames(packets: Iterable[av.Packet], stream: av.AudioStream) -> Iterator[av.AudioFrame | None]:
    """Frames, and None at the end, by which a resampler is emptied."""
    for packet in packets:
        yield from decode(packet)
    yield from flush(stream)
    yield None


def _silence(samples: int, channels: int, rate: int) -> Iterator[tuple[np.ndarray, int]]:
    while samples > 0:
        count = min(samples, _LONGEST_FILL)
        yield np.zeros((channels, count), np.float32), rate
        samples -= count
