"""A path through a recording for a sound that goes on: which of its moments is heard when.

Found by dynamic programming: reading on costs nothing, jumping does, less where it is quiet, and
next to nothing where an event starts and the jump leads to an attack of the recording.
"""

import numpy as np
from scipy.spatial.distance import cdist

FRAMES = 2  # mel frames in one token, 23 ms
BLOCK = 256  # tokens that are planned at once
_BANDS = 4  # neighbouring mel bands that are compared as one
_LIKENESS = 0.3  # cost of a dB of distance between what is wanted and what is read
_MOST_DISTANCE_DB = 25.0
_QUIET_DB = -45.0  # relative to the recording's peak: what is read does not matter
_JUMP, _JUMP_IN_QUIET, _JUMP_AT_EVENT = 50.0, 25.0, 0.5
_STRAY_ATTACK = 32.0  # an attack is read where there is no event
_NO_ATTACK = 4.0  # an event starts and no attack is read


def tokens_of(mel: np.ndarray) -> np.ndarray:
    """Mel `[frames, n_mels]` in 0..1 in tokens and wide bands, `[tokens, bands]` dB float32."""
    count, bands = len(mel) // FRAMES, mel.shape[1] // _BANDS
    part = mel[: count * FRAMES, : bands * _BANDS].reshape(count, FRAMES, bands, _BANDS)
    return (100 * part.mean(axis=(1, 3))).astype(np.float32)


def find_path(
    wanted: np.ndarray, events: np.ndarray, recorded: np.ndarray, attacks: np.ndarray
) -> np.ndarray:
    """Plan block by block, in bounded memory; each goes on where the one before ended.

    Args:
        wanted: tokens `[tokens, bands]` dB that the networks decoded.
        events: token at which each event starts, ascending.
        recorded: tokens of the recording `[recorded tokens, bands]` dB.
        attacks: tokens of the recording at which something begins.

    Returns:
        The token of the recording that is read, `[tokens]` int.
    """
    loud = recorded.mean(axis=1).max() + _QUIET_DB
    is_attack = np.zeros(len(recorded), bool)
    is_attack[attacks] = True
    is_event = np.isin(np.arange(len(wanted)), events)
    parts: list[np.ndarray] = []
    for first in range(0, len(wanted), BLOCK):
        block = wanted[first : first + BLOCK]
        starts = is_event[first : first + BLOCK]
        distance = cdist(block, recorded, "cityblock") / block.shape[1]
        quiet = block.mean(axis=1) < loud
        cost = _LIKENESS * np.minimum(distance, _MOST_DISTANCE_DB)
        cost[quiet] = 0
        cost[np.ix_(~starts, is_attack)] += _STRAY_ATTACK
        cost[np.ix_(starts, ~is_attack)] += _NO_ATTACK
        previous = int(parts[-1][-1]) if parts else None
        parts.append(_cheapest(cost, starts, quiet, is_attack, previous))
    return np.concatenate(parts)


def _cheapest(
    cost: np.ndarray,
    starts: np.ndarray,
    quiet: np.ndarray,
    is_attack: np.ndarray,
    previous: int | None,
) -> np.ndarray:
    """The path of least cost, `[tokens]`, that goes on from `previous` if there is one."""
    count, size = cost.shape
    at_event = np.where(is_attack, _JUMP_AT_EVENT, _JUMP)
    came_from = np.zeros((count, size), np.int32)
    reading_on = np.arange(-1, size - 1)
    total = np.zeros(size)
    if previous is not None:
        total = np.full(size, np.inf)
        total[previous] = 0.0
    for index in range(count):
        cheapest = int(np.argmin(total))
        jump = at_event if starts[index] else (_JUMP_IN_QUIET if quiet[index] else _JUMP)
        jumped = total[cheapest] + jump + np.zeros(size)
        on = np.concatenate([[np.inf], total[:-1]])
        goes_on = on <= jumped
        came_from[index] = np.where(goes_on, reading_on, cheapest)
        total = np.where(goes_on, on, jumped) + cost[index]
    path = np.empty(count, int)
    path[-1] = int(np.argmin(total))
    for index in range(count - 1, 0, -1):
        path[index - 1] = came_from[index, path[index]]
    return path
