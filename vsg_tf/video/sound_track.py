"""The new sound of a video as blocks for an AAC encoder."""

import contextlib
import os
from collections.abc import Callable, Iterator

import av
import numpy as np

from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.audio.reading import Sound
from vsg_tf.audio.tracks import read_track
from vsg_tf.errors import InputError
from vsg_tf.media.media_file import MediaFile

AAC_FRAME = 1024  # samples in one packet of AAC
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
_USUAL_RATE = 48000

Blocks = Callable[[int | None, str | None], Iterator[tuple[np.ndarray, int]]]
OwnSound = tuple[Callable[..., Iterator[tuple[np.ndarray, int]]], int, float]


class SoundTrack:
    """The samples of the new track, block by block, in constant memory.

    Args:
        sound: the new sound, mono or stereo: a file or samples.
        duration_s: wanted length; the sound is cut, or filled with silence.
        own: the video's own sound, mixed under the new one: `Clip.sound_blocks`, the track, and the
            gain in dB; None: it is left out.

    Raises:
        InputError: a file cannot be read or holds no sound.
    """

    def __init__(
        self, sound: str | os.PathLike | Sound, duration_s: float, own: OwnSound | None = None
    ):
        new = _samples(sound) if isinstance(sound, Sound) else _file(sound)
        block, rate = next(new(None, None), (None, 0))
        if block is None:
            raise InputError(f"{sound} holds no sound samples; export it again.")
        self._sources: list[tuple[Blocks, float]] = [(new, 1.0)]
        channels = len(block)
        if own is not None:
            blocks, track, gain_db = own
            kept, _ = next(blocks(track), (np.zeros((1, 0)), 0))
            channels = max(channels, len(kept))
            self._sources.append(
                (lambda rate, layout: blocks(track, rate, layout), 10 ** (gain_db / 20))
            )
        self.rate = rate if rate in _AAC_RATES else _USUAL_RATE
        self.layout = "mono" if channels == 1 else "stereo"
        self._channels = min(channels, 2)
        self._blocks_wanted = -(-round(duration_s * self.rate) // AAC_FRAME)
        self._samples = round(duration_s * self.rate)
        self._gain = 1.0
        if own is not None:
            peak = max((np.abs(block).max() for block in self.blocks()), default=0.0)
            self._gain = min(1.0, 10 ** (PEAK_CEILING_DB / 20) / max(peak, 1e-10))

    def blocks(self) -> Iterator[np.ndarray]:
        """Blocks `[channels, 1024]` float32 up to the duration; the last one may be shorter."""
        parts = [self._source(*source) for source in self._sources]
        left = self._samples
        for blocks in zip(*parts, strict=True):
            mixed = sum(blocks) * np.float32(self._gain)
            yield mixed[:, : min(left, AAC_FRAME)]
            left -= AAC_FRAME

    def _source(self, source: Blocks, gain: float) -> Iterator[np.ndarray]:
        """Exactly the blocks wanted of one sound: cut, or filled with silence."""
        track = source(self.rate, self.layout)
        buffer = np.zeros((self._channels, 0), np.float32)
        with contextlib.closing(track):
            for _ in range(self._blocks_wanted):
                while buffer.shape[1] < AAC_FRAME:
                    block, _ = next(track, (None, 0))
                    if block is None:
                        block = np.zeros((self._channels, AAC_FRAME), np.float32)
                    buffer = np.concatenate([buffer, block], axis=1)
                yield buffer[:, :AAC_FRAME] * np.float32(gain)
                buffer = buffer[:, AAC_FRAME:]


def _file(path: str | os.PathLike) -> Blocks:
    def blocks(rate: int | None, layout: str | None) -> Iterator[tuple[np.ndarray, int]]:
        with contextlib.closing(MediaFile(path)) as file:
            yield from read_track(file, 1, None, rate, layout)

    return blocks


def _samples(sound: Sound) -> Blocks:
    def blocks(rate: int | None, layout: str | None) -> Iterator[tuple[np.ndarray, int]]:
        own = "mono" if sound.waveform.shape[1] == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
        for first in range(0, len(sound.waveform), AAC_FRAME):
            part = np.ascontiguousarray(sound.waveform[first : first + AAC_FRAME].T, np.float32)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=own)
            frame.sample_rate = sound.sample_rate
            yield from _arrays(resampler.resample(frame))
        yield from _arrays(resampler.resample(None))

    return blocks


def _arrays(frames) -> Iterator[tuple[np.ndarray, int]]:
    for frame in frames:
        yield frame.to_ndarray(), frame.sample_rate
