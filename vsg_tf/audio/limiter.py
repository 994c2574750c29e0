"""A limiter that looks ahead: no true peak passes a ceiling, and no sound is cut flat."""

import numpy as np

from vsg_tf.audio.filters import running_maximum
from vsg_tf.audio.levels import PEAK_CEILING_DB
from vsg_tf.audio.resampling import resample
from vsg_tf.audio.true_peak import OVERSAMPLING

FRAME_S = 0.001  # s between values of the gain
ATTACK_FRAMES = 4  # before a peak in which the gain falls
RELEASE_DB = 0.05  # by which it rises again in a frame
_MARGIN = 64  # samples around a frame that its true peak depends on
_NEAR_DB = 6.0  # below the ceiling no true peak can pass it


class Limiter:
    """Lowers what would exceed a ceiling, block by block, with a delay that `flush` makes up for.

    Args:
        sample_rate: samples per second.
        channels: of the sound; one gain for all.
        ceiling_db: true peak that is not passed.

    Attributes:
        most_db: by how much anything was lowered, >= 0.
        limited_s: for how many seconds anything was lowered by more than 0.1 dB.
    """

    def __init__(self, sample_rate: int, channels: int, ceiling_db: float = PEAK_CEILING_DB):
        self.most_db, self.limited_s = 0.0, 0.0
        # What a resampler estimates between samples is right to some hundredths of a dB.
        self._ceiling = 10 ** ((ceiling_db - 0.05) / 20)
        self._frame = max(1, round(FRAME_S * sample_rate))
        self._rate = sample_rate
        self._held = np.zeros((0, channels), np.float32)  # not given out yet
        self._before = np.zeros((_MARGIN, channels), np.float32)  # given out last
        self._gain = 0.0  # dB, at the first held sample

    def process(self, block: np.ndarray) -> np.ndarray:
        """Take the next samples `[samples, channels]`; give out what is finished."""
        self._held = np.concatenate([self._held, np.asarray(block, np.float32)])
        ahead = ATTACK_FRAMES + 1 + -(-_MARGIN // self._frame)
        frames = len(self._held) // self._frame - ahead
        return self._give(frames, frames * self._frame) if frames > 0 else self._held[:0]

    def flush(self) -> np.ndarray:
        """The rest."""
        return self._give(-(-len(self._held) // self._frame), len(self._held))

    def _give(self, frames: int, count: int) -> np.ndarray:
        nodes = self._nodes(frames)
        given, self._held = self._held[:count], self._held[count:]
        self._before = np.concatenate([self._before, given])[-_MARGIN:]
        self._gain = nodes[frames]
        if not nodes.any():
            return given
        self.most_db = max(self.most_db, -float(nodes.min()))
        curve = np.interp(np.arange(count) / self._frame, np.arange(len(nodes)), nodes)
        self.limited_s += float(np.sum(curve < -0.1)) / self._rate
        return given * (10 ** (curve / 20)).astype(np.float32)[:, None]

    def _nodes(self, frames: int) -> np.ndarray:
        """Gain in dB at the beginning of each frame and the end of the last, `[frames + 1]`."""
        total = -(-len(self._held) // self._frame)
        allowed = self._allowed(total)
        if not allowed.any() and self._gain == 0.0:
            return np.zeros(frames + 1)
        # At a node the gain is low enough for the frames on both sides.
        lowest = np.minimum(np.append(allowed, 0.0), np.concatenate([[0.0], allowed]))
        wanted = lowest.copy()
        for step in range(1, ATTACK_FRAMES + 1):  # falls in a straight line before a peak
            share = 1 - step / (ATTACK_FRAMES + 1)
            wanted[:-step] = np.minimum(wanted[:-step], share * lowest[step:])
        nodes = np.empty(frames + 1)
        nodes[0] = min(self._gain, wanted[0])
        for index in range(1, frames + 1):
            nodes[index] = min(wanted[index], nodes[index - 1] + RELEASE_DB)
        return np.minimum(nodes, 0.0)

    def _allowed(self, total: int) -> np.ndarray:
        """Gain in dB that each held frame needs by itself, <= 0."""
        padded = np.zeros((total * self._frame, self._held.shape[1]), np.float32)
        padded[: len(self._held)] = self._held
        frames = np.abs(padded).reshape(total, -1).max(axis=1)
        near = frames > self._ceiling * 10 ** (-_NEAR_DB / 20)
        if not near.any():
            return np.zeros(total)
        near = running_maximum(near, 1, 1)
        peaks = frames.copy()
        joined = np.concatenate([self._before, padded, np.zeros_like(self._before)])
        for first, stop in np.flatnonzero(np.diff(np.pad(near.astype(int), 1))).reshape(-1, 2):
            part = joined[first * self._frame : stop * self._frame + 2 * _MARGIN]
            finer = np.abs(resample(part, 1, OVERSAMPLING)).max(axis=1)
            inner = finer[OVERSAMPLING * _MARGIN :][: (stop - first) * self._frame * OVERSAMPLING]
            found = inner.reshape(stop - first, -1).max(axis=1)
            peaks[first:stop] = np.maximum(peaks[first:stop], found)
        return np.minimum(0.0, 20 * np.log10(self._ceiling / np.maximum(peaks, self._ceiling)))
