"""Recordings with known contents."""

import numpy as np

from vsg_tf.audio.background import suppress_background
from vsg_tf.audio.mel import LogMel
from vsg_tf.audio.reading import Sound
from vsg_tf.config import Config
from vsg_tf.grains.material import Material, prepare_material

RATE = 44_100
STRIKES = (0.5, 1.4, 2.6, 3.5)  # s
PITCHES = (500.0, 700.0, 900.0, 1100.0)  # Hz, one for each strike
LEVELS = (0.2, 0.5, 0.3, 0.9)


def strikes(noise: float = 0.0, channels: int = 1, rate: int = RATE) -> Sound:
    """Four decaying tones of known pitch and level over white noise, 4.5 s."""
    at = np.arange(round(4.5 * rate)) / rate
    wave = np.zeros_like(at)
    for start, pitch, level in zip(STRIKES, PITCHES, LEVELS, strict=True):
        since = at - start
        tone = np.sin(2 * np.pi * pitch * since) * np.exp(-since / 0.06)
        wave += level * np.where(since >= 0, tone, 0)
    wave += noise * np.random.default_rng(0).normal(size=len(wave))
    sides = [wave * (1 - 0.5 * channel) for channel in range(channels)]
    return Sound(np.stack(sides, axis=1).astype(np.float32), rate)


def rain(seconds: float = 4.0, rate: int = RATE) -> Sound:
    """Steady noise whose pitch range rises, so that every moment can be told from the others."""
    count = round(seconds * rate)
    noise = np.random.default_rng(1).normal(size=count)
    at = np.arange(count) / count
    carrier = np.sin(2 * np.pi * np.cumsum(300 + 6000 * at) / rate)
    return Sound((0.2 * (0.3 * noise + carrier)).astype(np.float32)[:, None], rate)


def material_of(sound: Sound) -> Material:
    """A recording, analysed on the default grid."""
    config = Config()
    mel = LogMel(config.audio)(sound.mono(config.audio.sample_rate))
    return prepare_material(sound, mel, suppress_background(mel), config.timebase)
