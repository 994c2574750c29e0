"""Samples as a file stores them."""

from typing import Literal

import numpy as np

from vsg_tf.errors import InputError

BitDepth = Literal[16, 24, 32]
BIT_DEPTHS = (16, 24, 32)  # the last is floating point
FLOAT = 32
LOWEST_RATE, HIGHEST_RATE = 8_000, 192_000


def check_bit_depth(bit_depth: int) -> None:
    """Check a bit depth.

    Raises:
        InputError: it is none of 16, 24 and 32.
    """
    if bit_depth not in BIT_DEPTHS:
        raise InputError(
            f"The bit depth must be 16, 24 or 32 (floating point), not {bit_depth}; film takes 24."
        )


def check_sample_rate(sample_rate: int) -> None:
    """Check a sample rate.

    Raises:
        InputError: it is out of range.
    """
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise InputError(
            f"The sample rate must be from {LOWEST_RATE} to {HIGHEST_RATE} Hz, not {sample_rate}; "
            "film takes 48000."
        )


def to_bytes(waveform: np.ndarray, bit_depth: BitDepth) -> bytes:
    """Little-endian samples, interleaved; whole numbers are rounded, and stop at full scale.

    Args:
        waveform: `[samples, channels]` float; full scale is -1..1.
        bit_depth: 16, 24, or 32 for floating point, which nothing limits.
    """
    if bit_depth == FLOAT:
        return np.ascontiguousarray(waveform, "<f4").tobytes()
    whole = _whole(waveform, bit_depth)
    if bit_depth == 16:
        return whole.astype("<i2").tobytes()
    packed = np.ascontiguousarray(whole, "<i4").view(np.uint8)
    return packed.reshape(-1, 4)[:, :3].tobytes()


def quantised(waveform: np.ndarray, bit_depth: BitDepth) -> np.ndarray:
    """What is read back from a file with this bit depth, same shape, float32."""
    if bit_depth == FLOAT:
        return np.asarray(waveform, np.float32)
    return (_whole(waveform, bit_depth) / (1 << (bit_depth - 1))).astype(np.float32)


def _whole(waveform: np.ndarray, bit_depth: BitDepth) -> np.ndarray:
    full = 1 << (bit_depth - 1)
    return np.clip(np.rint(waveform.astype(np.float64) * full), -full, full - 1)
