"""Gains that let a sound follow a level curve."""

from dataclasses import dataclass

import numpy as np

from vsg_tf.grains.levels import HOP, smooth_level
from vsg_tf.timing.timing import LevelCurve

_UP_DB, _DOWN_DB = 9.0, 30.0  # of a single sound after its attack
_ATTACK_DB = 9.0  # of its attack, up or down
_HELD_UP_DB, _HELD_DOWN_DB = 15.0, 80.0  # of one that lasts
_ATTACK = 0.06  # s that keep their shape
_SMOOTH = 0.04  # s over which levels are compared


@dataclass(frozen=True)
class Follower:
    """What loudness is wanted when.

    Args:
        curve: of the timing.
        top_db: level that its 0 dB stands for.
        amount: how far it is followed, above 0 and up to 1.
    """

    curve: LevelCurve
    top_db: float
    amount: float

    def wanted(self, times: np.ndarray) -> np.ndarray:
        """Level in dB at `times` s."""
        return self.top_db + self.curve.at(times)

    def single(self, times: np.ndarray, own: np.ndarray, lead: float) -> np.ndarray:
        """Gain for a single sound: its attack keeps its shape, its decay follows.

        Args:
            times: s, `HOP` apart.
            own: its level there, `[values]` dB.
            lead: s before its attack.

        Returns:
            `[values]` dB.
        """
        difference = smooth_level(self.wanted(times), _SMOOTH) - smooth_level(own, _SMOOTH)
        first = round(lead / HOP)
        loudest = first + int(own[first : first + round(_ATTACK / HOP) + 1].argmax())
        at_attack = np.clip(difference[loudest], -_ATTACK_DB, _ATTACK_DB)
        gain = np.clip(difference, at_attack - _DOWN_DB, at_attack + _UP_DB)
        since = (np.arange(len(gain)) - loudest) * HOP
        share = np.clip(since / _ATTACK, 0, 1)
        return self.amount * (at_attack + share * (gain - at_attack))

    def held(self, times: np.ndarray, own: np.ndarray) -> np.ndarray:
        """Gain for a sound that lasts; arguments as `single`."""
        difference = smooth_level(self.wanted(times), _SMOOTH) - smooth_level(own, _SMOOTH)
        return self.amount * np.clip(difference, -_HELD_DOWN_DB, _HELD_UP_DB)
