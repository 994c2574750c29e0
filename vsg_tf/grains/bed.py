"""Room tone of a recording, as long as it is wanted."""

import numpy as np

from vsg_tf.audio.levels import rms_db
from vsg_tf.grains.cleaning import QUIETEST, window_samples

_STEPS = 4  # starts of grains in one window


class RoomTone:
    """Grains of the quietest moments, overlapped in random order and polarity.

    Windows whose power adds up to 1 keep the level steady; the random order hides that there is
    little material.

    Args:
        waveform: `[samples, channels]` of the recording.
        sample_rate: samples per second.
        seed: of the order.
    """

    def __init__(self, waveform: np.ndarray, sample_rate: int, seed: int):
        self._size = window_samples(sample_rate)
        self._rng = np.random.default_rng(seed)
        self._grains = _quiet_grains(waveform, self._size)
        at = (np.arange(self._size) + 0.5) / self._size
        self._window = np.sin(np.pi * at).astype(np.float32)[:, None]
        self._rest = np.zeros((0, waveform.shape[1]), np.float32)
        self._tail = self._grain()[self._size // 2 :]
        #: dB; -200 where the recording's quietest moments are digital silence.
        self.level = rms_db(self._grains)

    def take(self, count: int) -> np.ndarray:
        """The next `count` samples `[count, channels]` float32."""
        pieces, have = [self._rest], len(self._rest)
        half = self._size // 2
        while have < count:
            grain = self._grain()
            pieces.append(self._tail + grain[:half])
            self._tail = grain[half:]
            have += half
        joined = np.concatenate(pieces)
        self._rest = joined[count:]
        return joined[:count]

    def _grain(self) -> np.ndarray:
        index, turned = self._rng.integers(len(self._grains)), self._rng.integers(2)
        return self._grains[index] * self._window * np.float32(1 - 2 * turned)


def _quiet_grains(waveform: np.ndarray, size: int) -> np.ndarray:
    """The quietest fifth of all windows, `[grains, size, channels]`."""
    if len(waveform) < size:
        waveform = np.resize(waveform, (size, waveform.shape[1]))
    starts = np.arange(0, len(waveform) - size + 1, max(1, size // _STEPS))
    power = np.concatenate([[0.0], np.cumsum(np.square(waveform, dtype=np.float64).sum(axis=1))])
    order = np.argsort(power[starts + size] - power[starts], kind="stable")
    chosen = np.sort(starts[order[: max(1, round(QUIETEST * len(starts)))]])
    return np.stack([waveform[start : start + size] for start in chosen])
