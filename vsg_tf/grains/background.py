"""How loudly the room tone is heard under the copies."""

import numpy as np

from vsg_tf.grains.bed import RoomTone
from vsg_tf.grains.levels import SILENT_DB

RANGE_DB = 60.0  # from a background of just above 0 to 1
BED_DB = -43.0  # at background 0, close to sounds, relative to the recording's peak
_AROUND = 0.1  # s before a sound from which the bed rises
_AFTER = 0.25  # s after it in which the bed fades


class Background:
    """The recording's room tone under what is copied from it.

    At 1 it is as loud as recorded, and everywhere; towards 0 it gets quieter, and at 0 it is off.
    Close to sounds it is never below a bed of -43 dB, so that no sound stops in digital silence.

    Args:
        tone: of the recording.
        amount: 0 to 1.
        peak_db: of the recording.
    """

    def __init__(self, tone: RoomTone, amount: float, peak_db: float):
        self._tone = tone
        self._everywhere = 10 ** (-RANGE_DB * (1 - amount) / 20) if amount > 0 else 0.0
        bed = min(0.0, peak_db + BED_DB - max(tone.level, SILENT_DB))
        self._close = max(self._everywhere, 10 ** (bed / 20))

    def take(self, close: np.ndarray) -> np.ndarray:
        """The next samples.

        Args:
            close: how close to sounds each of them is, `[samples]` 0..1.

        Returns:
            `[samples, channels]` float32.
        """
        gain = self._everywhere + (self._close - self._everywhere) * close
        return self._tone.take(len(close)) * gain[:, None].astype(np.float32)


def closeness(times: np.ndarray, sounds: np.ndarray) -> np.ndarray:
    """1 while something sounds, 0 far from everything, in between smoothly.

    Args:
        times: s `[times]`.
        sounds: start and stop in s of what sounds, `[sounds, 2]`.
    """
    close = np.zeros(len(times))
    for start, stop in sounds:
        rising = 1 - (start - times) / _AROUND
        falling = 1 - (times - stop) / _AFTER
        close = np.maximum(close, np.clip(np.minimum(rising, falling), 0, 1))
    return close
