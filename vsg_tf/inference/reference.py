"""A reference recording made ready for the acoustic encoder."""

import os

import numpy as np

from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import load_reference
from vsg_tf.config import Config

# Training examples peak between 0.25 and 1; every reference is brought to the middle.
PEAK = 0.6
SHORTEST_MEL = 32  # frames; shorter references are repeated


def reference_mel(path: str | os.PathLike, config: Config) -> np.ndarray:
    """Mel of a reference recording at a standard level.

    Args:
        path: any audio file, or a video with sound; only its first minute is used.
        config: of the model.

    Returns:
        `[mel_frames, n_mels]` float32 in 0..1, at least 32 frames.

    Raises:
        InputError: the file cannot be used: missing, damaged, silent, too short, no sound.
    """
    waveform = load_reference(path, config.audio.sample_rate)
    waveform = waveform * (PEAK / np.abs(waveform).max())
    mel = LogMel(config.audio)(waveform)
    if len(mel) < SHORTEST_MEL:
        mel = np.tile(mel, (-(-SHORTEST_MEL // len(mel)), 1))
    return mel


def background_mel(mel: np.ndarray, amount: float, frames: int) -> np.ndarray:
    """What the background encoder hears: silence (0) up to the reference's own background (1).

    Args:
        mel: reference mel `[frames, n_mels]`.
        amount: 0..1; scales the level in decibels.
        frames: length wanted.

    Returns:
        `[frames, n_mels]` float32, the reference repeated; energy masking leaves its background.
    """
    repeated = np.resize(mel, (frames, mel.shape[1])) if amount > 0 else np.zeros((frames, 1))
    return np.broadcast_to(repeated * amount, (frames, mel.shape[1])).astype(np.float32)
