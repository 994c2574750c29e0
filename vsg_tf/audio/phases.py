"""The initial phases of Griffin-Lim, the same on every runtime.

A counter-based generator, so that the phases do not depend on how many are drawn at once: an
integer hash of seed and position (the constants of Wellons, "Prospecting for Hash Functions",
2018). It is written with operators that NumPy arrays and tensors share, and integer arithmetic
has no rounding, so all runtimes draw the same bits.
"""

import numpy as np

from vsg_tf.config.schema import AudioConfig

SEEDS = 2**31  # seeds are 0 <= seed < SEEDS, so that they fit the int32 of a tensor
TURN = 2**24  # the unit of `phase_steps`: float32 holds every whole number up to it


def _scramble(values):
    """A random-looking permutation of the 32-bit numbers."""
    values = (values ^ (values // 2**16)) * np.uint32(0x7FEB352D)
    values = (values ^ (values // 2**15)) * np.uint32(0x846CA68B)
    return values ^ (values // 2**16)


def phase_steps(position, seed):
    """Uniformly distributed phases in steps of a turn's 2^24-th part.

    Args:
        position: uint32 array or tensor of any shape, frame * bins + bin.
        seed: uint32 of the same kind, `[1]`.

    Returns:
        uint32 of the same kind and the shape of `position`, 0 <= step < `TURN`.
    """
    return _scramble(position + _scramble(seed)) // 2**8


def initial_turns(seed: int, frames: int, bins: int) -> np.ndarray:
    """Uniformly distributed phases for spectra.

    Args:
        seed: 0 <= seed < `SEEDS`.
        frames: spectra wanted; the first ones do not depend on how many.
        bins: frequencies of a spectrum.

    Returns:
        `[frames, bins]` float32 in turns, 0 <= phase < 1.
    """
    position = np.arange(frames * bins, dtype=np.uint32)
    steps = phase_steps(position, np.asarray([seed], np.uint32))
    return (steps.astype(np.float32) / np.float32(TURN)).reshape(frames, bins)


def edge_frames(config: AudioConfig) -> int:
    """Frames that Griffin-Lim adds at either end.

    Frames around the ends see half-empty overlap sums: it works on a longer signal and cuts it.
    """
    return -(-config.n_fft // config.hop_length)
