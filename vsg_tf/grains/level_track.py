"""The decoded mel as it arrives, reduced to what a copy is compared with."""

from collections.abc import Iterator

import numpy as np

from vsg_tf.grains.levels import SILENT_DB, mel_level
from vsg_tf.timebase import TimeBase


class LevelTrack:
    """Broadband level of a mel stream, read no further than it is asked for.

    Args:
        pieces: consecutive `[some frames, n_mels]` arrays.
        timebase: of the mel.
    """

    def __init__(self, pieces: Iterator[np.ndarray], timebase: TimeBase):
        self._pieces = pieces
        self._rate = timebase.mel_rate
        self._level = np.zeros(0)

    def at(self, times: np.ndarray) -> np.ndarray:
        """Level in dB at `times` s `[times]`; after the end it is silent."""
        position = np.asarray(times) * self._rate
        while len(self._level) <= position.max() + 1:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._level = np.concatenate([self._level, mel_level(piece)])
        known = np.append(self._level, SILENT_DB)
        return np.interp(position, np.arange(len(known)), known)
