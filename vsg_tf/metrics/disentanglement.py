"""Disentanglement: change one factor, and see which measured attributes follow and which stay.

Only known truth can show it: for each change there is the sound that a perfect system would make.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from vsg_tf.metrics.alignment import envelope_correlation
from vsg_tf.metrics.background import noise_floor
from vsg_tf.metrics.timbre import mfcc_distance

FACTORS = ("timing", "timbre", "background")

Distance = Callable[[np.ndarray, np.ndarray], float]


def follow(
    before: np.ndarray,
    after: np.ndarray,
    truth_before: np.ndarray,
    truth_after: np.ndarray,
    distance: Distance,
) -> float:
    """How far a sound went the way that the truth went, by one attribute.

    Each sound is placed between the two truths by its distances to them; the result is the way
    between the two places: 0 stays, 1 follows fully, negative goes the other way.

    Args:
        before: what the system made before the change, `[samples]`.
        after: what it made after.
        truth_before: the perfect sound before.
        truth_after: the perfect sound after.
        distance: of two sounds in the attribute, >= 0.

    Returns:
        NaN where the truths do not differ in the attribute.
    """
    span = distance(truth_before, truth_after)
    if not span > 0:
        return float("nan")

    def place(sound: np.ndarray) -> float:
        return (distance(sound, truth_before) - distance(sound, truth_after)) / span

    return (place(after) - place(before)) / 2


def follow_table(
    made: Mapping[str, np.ndarray],
    truths: Mapping[str, np.ndarray],
    distances: Mapping[str, Distance],
    factors: Sequence[str] = FACTORS,
) -> np.ndarray:
    """The table of `follow`: rows are the changed factors, columns the measured attributes.

    Each column measures the way from the truth before to the truth after the change of *its own*
    factor, so that an attribute which should stay is seen if it moves.

    Args:
        made: sounds under `base` and under each factor's name, changed alone.
        truths: likewise the perfect sounds.
        distances: of each attribute, by the factor's name.
        factors: names and order of rows and columns.

    Returns:
        `[factors, factors]`; the identity is perfect. NaN rows where `made` lacks a factor.
    """
    table = np.full((len(factors), len(factors)), np.nan)
    for row, changed in enumerate(factors):
        if changed not in made:
            continue
        for column, attribute in enumerate(factors):
            table[row, column] = follow(
                made["base"],
                made[changed],
                truths["base"],
                truths[attribute],
                distances[attribute],
            )
    return table


def sound_distances(
    sample_rate: int, envelope: Callable[[np.ndarray], np.ndarray], rate: float
) -> dict[str, Distance]:
    """Distances of the three attributes between sounds `[samples]`.

    Timing: 1 - correlation of the loudness curves at lag 0. Timbre: MFCC distance. Background:
    difference of the noise floors, dB.

    Args:
        sample_rate: Hz.
        envelope: a sound to its loudness curve.
        rate: frames per second of the curve.
    """

    def timing(first: np.ndarray, second: np.ndarray) -> float:
        r = envelope_correlation(envelope(first), envelope(second), rate)["r"]
        return 1.0 if np.isnan(r) else 1.0 - r

    return {
        "timing": timing,
        "timbre": lambda first, second: mfcc_distance(first, second, sample_rate),
        "background": lambda first, second: abs(noise_floor(first) - noise_floor(second)),
    }
