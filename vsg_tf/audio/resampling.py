"""Other sample rates, by the SoX resampler."""

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
import soxr

Quality = Literal["HQ", "MQ"]  # aliases below -120 dB, -96 dB


def resample(
    waveform: np.ndarray, rate: float, wanted: float, quality: Quality = "HQ"
) -> np.ndarray:
    """Bring a waveform to another rate.

    Args:
        waveform: `[samples]` or `[samples, channels]` float.
        rate: its samples per second.
        wanted: those of the result.
        quality: as the SoX resampler calls it.

    Returns:
        `ceil(samples * wanted / rate)` samples, float32 in one piece of memory; sample 0 stays at
        time 0. The numbers of `librosa.resample`.
    """
    waveform = np.ascontiguousarray(waveform, np.float32)
    if rate == wanted or not len(waveform):
        return waveform
    count = int(-(-len(waveform) * wanted // rate))
    found = soxr.resample(waveform, rate, wanted, quality)[:count]
    missing = count - len(found)
    if missing:
        found = np.pad(found, [(0, missing), *[(0, 0)] * (found.ndim - 1)])
    return np.ascontiguousarray(found, np.float32)


def resampled_blocks(blocks: Iterable[np.ndarray], rate: int, wanted: int) -> Iterator[np.ndarray]:
    """Bring a sound of any length to another rate in constant memory.

    Args:
        blocks: consecutive `[some samples, channels]`, all with as many channels.
        rate: their samples per second.
        wanted: those of the result.

    Yields:
        Blocks of the same kind, float32; sample 0 stays at time 0. The numbers of `resample`.
    """
    stream, channels = None, 1
    for block in blocks:
        if rate == wanted:
            yield np.asarray(block, np.float32)
            continue
        if stream is None:
            channels = block.shape[1]
            stream = soxr.ResampleStream(rate, wanted, channels, dtype="float32", quality="HQ")
        found = stream.resample_chunk(np.ascontiguousarray(block, np.float32))
        if len(found):
            yield found.reshape(-1, channels)
    if stream is not None:
        found = stream.resample_chunk(np.zeros((0, channels), np.float32), last=True)
        if len(found):
            yield found.reshape(-1, channels)
