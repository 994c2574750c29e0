"""What every system that gives a clip its sound looks like to an evaluation."""

import os
from typing import Protocol

import numpy as np

from vsg_tf.config import AudioConfig
from vsg_tf.video.clip import Clip

# Systems without a model of their own work over the whole band.
WIDE_BAND = AudioConfig(f_min=0.0, f_max=None)


class System(Protocol):
    """A clip and a reference recording in, a waveform out.

    Attributes:
        name: what results are listed under.
        sample_rate: Hz, of the waveforms.
    """

    name: str
    sample_rate: int

    def __call__(
        self, video: str | os.PathLike, reference: str | os.PathLike, *, seed: int = 0
    ) -> np.ndarray:
        """Sound for a clip.

        Args:
            video: path of the clip.
            reference: path of a recording with the wanted timbre.
            seed: of whatever is drawn; the same seed gives the same samples.

        Returns:
            `[samples]` float32, as long as the clip.

        Raises:
            InputError: an input cannot be used.
        """


def clip_samples(video: str | os.PathLike, sample_rate: int) -> int:
    """Samples from a clip's first frame to its end.

    Raises:
        InputError: the video cannot be read.
    """
    with Clip.open(video) as clip:
        return round(clip.duration_s * sample_rate)


def fit_samples(waveform: np.ndarray, samples: int) -> np.ndarray:
    """Cut a waveform, or continue it with silence, to `[samples]` float32."""
    fitted = np.zeros(samples, np.float32)
    part = waveform[:samples]
    fitted[: len(part)] = part
    return fitted
