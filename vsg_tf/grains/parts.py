"""One event's sound as a part of a longer one: what is heard of it, and what lies beside that."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Part:
    """A part of a sound that fades in and out along straight lines.

    Args:
        waveform: `[before + heard + after, channels]` float32, without the fades.
        before, after: samples beside what is heard.
        fade_in, fade_out: samples in which it fades, together at most what is heard.
    """

    waveform: np.ndarray
    before: int = 0
    after: int = 0
    fade_in: int = 0
    fade_out: int = 0

    def heard(self) -> np.ndarray:
        """What is heard, with its fades; a new array."""
        waveform = self.waveform[self.before : len(self.waveform) - self.after].copy()
        if self.fade_in:
            waveform[: self.fade_in] *= line_in(self.fade_in)
        if self.fade_out:
            waveform[-self.fade_out :] *= line_out(self.fade_out)
        return waveform


def line_in(count: int) -> np.ndarray:
    """A straight line from 0 to 1, `[count, 1]` float32: the first sample is zero."""
    return (np.arange(count) / max(count, 1)).astype(np.float32)[:, None]


def line_out(count: int) -> np.ndarray:
    """A straight line from 1 to 0, `[count, 1]` float32; it and `line_in` add up to 1."""
    return 1 - line_in(count)
