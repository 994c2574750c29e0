"""An output of any length, of which only what is still growing is held."""

import numpy as np


class Timeline:
    """Adds up sounds that may overlap, and hands out what is finished.

    Args:
        channels: of every sound.
    """

    def __init__(self, channels: int):
        self._held = np.zeros((0, channels), np.float32)
        self.position = 0  # sample at which what is held begins

    def add(self, start: int, sound: np.ndarray) -> None:
        """Add `[samples, channels]` at sample `start`; what lies before `position` is lost."""
        skipped = max(0, self.position - start)
        sound, first = sound[skipped:], max(start, self.position) - self.position
        missing = first + len(sound) - len(self._held)
        if missing > 0:
            self._held = np.pad(self._held, ((0, missing), (0, 0)))
        self._held[first : first + len(sound)] += sound

    def pull(self, count: int) -> np.ndarray:
        """The next `count` samples `[count, channels]`, silent where nothing was added."""
        block, self._held = self._held[:count], self._held[count:]
        self.position += count
        return np.pad(block, ((0, count - len(block)), (0, 0)))
