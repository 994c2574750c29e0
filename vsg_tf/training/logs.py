"""TensorBoard files of a run: numbers, mel images and their sound."""

import os
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.config import AudioConfig


def mel_image(mels: np.ndarray) -> np.ndarray:
    """Grey pictures `[B, M, frames, 1]` of mels `[B, frames, M]`: time to the right, pitch up."""
    return np.clip(mels, 0.0, 1.0).transpose(0, 2, 1)[:, ::-1, :, None]


class RunLog:
    """Writes to `RUN/logs`; TensorBoard shows it with `tensorboard --logdir RUN/logs`.

    Args:
        folder: created if needed; a resumed run adds a file to it.
        audio: the mel grid, for turning mels to sound (Griffin-Lim).
    """

    def __init__(self, folder: str | os.PathLike, audio: AudioConfig):
        self._writer = tf.summary.create_file_writer(os.fspath(folder))
        self._vocoder = GriffinLim(audio)
        self._sample_rate = audio.sample_rate

    def configuration(self, step: int, text: str) -> None:
        """Show the settings (YAML) with which the run begins, or goes on, at a step."""
        with self._writer.as_default(step):
            tf.summary.text("configuration", f"```yaml\n{text}```")

    def scalars(self, step: int, group: str, values: Mapping[str, float]) -> None:
        """Log numbers as `group/name`."""
        with self._writer.as_default(step):
            for name, value in values.items():
                tf.summary.scalar(f"{group}/{name}", value)

    def examples(self, step: int, mels: Mapping[str, np.ndarray]) -> None:
        """Log mels `[B, frames, M]` in 0..1 by name, as pictures and as sound."""
        with self._writer.as_default(step):
            for name, mel in mels.items():
                tf.summary.image(f"mel/{name}", mel_image(mel), max_outputs=len(mel))
                sound = self._vocoder(np.clip(mel, 0.0, 1.0), 0)[..., None]
                sound = tf.clip_by_value(sound, -1, 1)
                tf.summary.audio(f"sound/{name}", sound, self._sample_rate, max_outputs=len(mel))

    def flush(self) -> None:
        """Bring everything to the disk."""
        self._writer.flush()
