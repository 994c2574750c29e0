"""The new sound of a video as blocks for an AAC encoder."""

import os
from collections.abc import Iterator

import numpy as np

from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.audio.tracks import iterate_track
from vsg_tf.errors import InputError

AAC_FRAME = 1024  # samples in one packet of AAC
_AAC_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
_USUAL_RATE = 48000


class SoundTrack:
    """The samples of the new track, block by block, in constant memory.

    Args:
        video_path: whose own sound may be kept.
        wav_path: the new sound, mono or stereo.
        duration_s: wanted length; the sound is cut, or filled with silence.
        keep_original_db: gain of the video's own sound, mixed under the new one; None: not.

    Raises:
        InputError: a file cannot be read or holds no sound.
    """

    def __init__(
        self,
        video_path: str | os.PathLike,
        wav_path: str | os.PathLike,
        duration_s: float,
        keep_original_db: float | None,
    ):
        block, rate = next(iterate_track(wav_path, align=False), (None, 0))
        if block is None:
            raise InputError(f"{wav_path} holds no sound samples; export it again.")
        self._sources = [(wav_path, False, 1.0)]
        channels = len(block)
        if keep_original_db is not None:
            own, _ = next(iterate_track(video_path), (np.zeros((1, 0)), 0))
            channels = max(channels, len(own))
            self._sources.append((video_path, True, 10 ** (keep_original_db / 20)))
        self.rate = rate if rate in _AAC_RATES else _USUAL_RATE
        self.layout = "mono" if channels == 1 else "stereo"
        self._channels = min(channels, 2)
        self._blocks_wanted = -(-round(duration_s * self.rate) // AAC_FRAME)
        self._samples = round(duration_s * self.rate)
        self._gain = 1.0
        if keep_original_db is not None:
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

    def _source(self, path, align: bool, gain: float) -> Iterator[np.ndarray]:
        """Exactly the blocks wanted of one file: cut, or filled with silence."""
        track = iterate_track(path, self.rate, self.layout, align)
        buffer = np.zeros((self._channels, 0), np.float32)
        for _ in range(self._blocks_wanted):
            while buffer.shape[1] < AAC_FRAME:
                block, _ = next(track, (None, 0))
                if block is None:
                    block = np.zeros((self._channels, AAC_FRAME), np.float32)
                buffer = np.concatenate([buffer, block], axis=1)
            yield buffer[:, :AAC_FRAME] * np.float32(gain)
            buffer = buffer[:, AAC_FRAME:]
