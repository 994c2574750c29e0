"""Who is whose reference."""

from pathlib import Path
from typing import Literal

import numpy as np

from vsg_tf.errors import InputError

Pairing = Literal["own", "shuffled"]


def derangement(count: int, rng: np.random.Generator) -> np.ndarray:
    """A random cycle through `0 .. count - 1`: `[count]` int, nothing is its own image.

    Raises:
        ValueError: fewer than two have no derangement.
    """
    if count < 2:
        raise ValueError("fewer than two things cannot be exchanged")
    order = rng.permutation(count)
    images = np.empty(count, int)
    images[order] = np.roll(order, 1)
    return images


def pair_own_sounds(clips: list[Path], pairing: Pairing, seed: int) -> list[Path]:
    """The clip whose sound is the reference, for each clip.

    Raises:
        InputError: a single clip cannot be shuffled.
    """
    if pairing == "own":
        return list(clips)
    if len(clips) < 2:
        raise InputError(
            f"{clips[0]} is alone: there is no other clip whose sound could be its reference; add "
            "clips, or pass --pairing own."
        )
    return [clips[index] for index in derangement(len(clips), np.random.default_rng(seed))]
