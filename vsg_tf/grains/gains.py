"""Gain curves: the level that the networks want over the level of what is copied."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.grains.levels import smooth_level

DECAY_DOWN_DB, DECAY_UP_DB = -15.0, 3.0  # of a single sound after its attack
SILENCE_DB, MOST_UP_DB = -80.0, 9.0  # of a sound that goes on
GOES_ON_DB = -20.0  # below its loudest moment: so loud it stays between events
RISE_DB = 1.5  # in one mel frame


@dataclass(frozen=True)
class Dip:
    """Room that is made for an attack.

    Args:
        depth_db: by how much it gets quieter.
        first: s before the attack at which it begins to.
        last: s before the attack from which it is as quiet as it gets.
    """

    depth_db: float
    first: float
    last: float


BEFORE_NEXT = Dip(7.0, 0.070, 0.025)  # in a single sound that is still decaying
IN_GOING_ON = Dip(30.0, 0.100, 0.020)  # in one that goes on, which would hide the attack


def decay_gain(wanted: np.ndarray, copied: np.ndarray, attack: int) -> np.ndarray:
    """How a copied sound has to be changed to die away as the networks let it.

    Args:
        wanted: level from the event on, `[frames]` dB.
        copied: level of the copy, `[frames]` dB.
        attack: frames that belong to the attack: they fix the level, and stay as they are.

    Returns:
        `[frames]` dB within -15..3.
    """
    difference = smooth_level(wanted) - smooth_level(copied)
    loud = copied[: attack + 1] >= copied[: attack + 1].max() - 12
    offset = np.median(difference[: attack + 1][loud])
    gain = np.clip(difference - offset, DECAY_DOWN_DB, DECAY_UP_DB)
    return gain * np.clip((np.arange(len(gain)) - attack) / max(attack, 1), 0, 1)


def level_gain(wanted: np.ndarray, copied: np.ndarray, at_event: np.ndarray) -> np.ndarray:
    """Gain that gives a sound that goes on the level that the networks want.

    It rises slowly except at events, so that attacks stand out and nothing pumps, and falls no
    further than the sound needs to go on between them.

    Args:
        wanted: level `[frames]` dB.
        copied: level of the copy, `[frames]` dB.
        at_event: whether an event starts at or next to a frame, `[frames]` bool.

    Returns:
        `[frames]` dB within -80..9.
    """
    wanted = smooth_level(np.maximum(wanted, wanted.max(initial=SILENCE_DB) + GOES_ON_DB))
    gain = np.clip(wanted - smooth_level(copied), SILENCE_DB, MOST_UP_DB)
    for index in range(1, len(gain)):
        if not at_event[index]:
            gain[index] = min(gain[index], gain[index - 1] + RISE_DB)
    return gain


def duck(times: np.ndarray, attacks: np.ndarray, dip: Dip) -> np.ndarray:
    """Gain in dB `[times]` that makes room for attacks: a dip that ends with each of them.

    Args:
        times: s, ascending or not.
        attacks: s.
        dip: its shape.
    """
    gain = np.zeros(len(times))
    for attack in attacks:
        before = attack - times
        inside = (before >= 0) & (before <= dip.first)
        depth = np.clip((dip.first - before[inside]) / (dip.first - dip.last), 0, 1)
        gain[inside] = np.minimum(gain[inside], -dip.depth_db * depth)
    return gain
