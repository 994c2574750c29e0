"""How a performer's playing of one take varies: pitch, tone and level, never the attack's time."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.audio.resampling import resample

PITCH = 0.25  # semitones at most
TILT_DB = 1.5  # over three octaves, at most
LEVEL_DB = 1.0  # at most
_LEAST = 0.4  # of the most: successive sounds lie on different sides and so far apart
_PIVOT, _OCTAVES = 1000.0, 3.0  # Hz in the middle of a tilt, and octaves over which it turns
_STEPS = 1_000_000  # of a semitone's ratio, as whole rates


@dataclass(frozen=True)
class Variation:
    """How one event's sound is changed.

    Args:
        pitch: semitones.
        tilt_db: by how much high sounds are louder, and low ones softer.
        level_db: gain.
    """

    pitch: float
    tilt_db: float
    level_db: float


def draw(seed: int, index: int, amount: float) -> Variation:
    """The variation of event `index`: the same for the same seed, whatever the others are.

    Neighbours lie on different sides of the take as it was recorded.
    """
    size = np.random.default_rng([seed, index, 17]).uniform(_LEAST, 1, 2)
    level = np.random.default_rng([seed, index, 18]).uniform(-1, 1)
    flip = np.random.default_rng([seed, 19]).integers(2)
    side = 1 if (index + flip) % 2 else -1
    other = 1 if (index // 2 + flip) % 2 else -1
    pitch, tilt_db = PITCH * side * size[0], TILT_DB * other * size[1]
    return Variation(amount * pitch, amount * tilt_db, amount * LEVEL_DB * level)


def shifted(waveform: np.ndarray, pitch: float) -> np.ndarray:
    """Play `[samples, channels]` `pitch` semitones higher, and so much faster."""
    if pitch == 0:
        return waveform
    return resample(waveform, round(_STEPS * 2 ** (pitch / 12)), _STEPS)


def tilted(waveform: np.ndarray, sample_rate: int, tilt_db: float) -> np.ndarray:
    """Turn the spectrum of `[samples, channels]` around 1 kHz, in no time."""
    if tilt_db == 0 or len(waveform) < 2:
        return waveform
    size = fast_size(len(waveform) + 512)
    hertz = np.fft.rfftfreq(size, 1 / sample_rate)
    octaves = np.log2(np.maximum(hertz, 20.0) / _PIVOT) / _OCTAVES
    gain = 10 ** (tilt_db * np.tanh(octaves) / 20)
    spectrum = np.fft.rfft(waveform, size, axis=0) * gain[:, None].astype(np.float32)
    return np.fft.irfft(spectrum, size, axis=0)[: len(waveform)].astype(np.float32)


def fast_size(count: int) -> int:
    """The next length from `count` on whose only factors are 2, and at most one 3 or 5."""
    powers = [base << max(0, (count - 1) // base).bit_length() for base in (1, 3, 5)]
    return min(size for size in powers if size >= count)
