"""Retrieval: is the right reference the nearest of N?"""

import numpy as np


def right_ranks(similarity: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rank of the right candidate in each row.

    Args:
        similarity: `[queries, candidates]`; larger is more alike (negate a distance).
        right: `[queries]` int, column of the right candidate.

    Returns:
        `[queries]` float, 1 is nearest. Candidates that are exactly as alike share the mean of
        their ranks, so that a system whose outputs are all equal is at chance.
    """
    similarity = np.asarray(similarity, np.float64)
    own = np.take_along_axis(similarity, np.asarray(right)[:, None], axis=1)
    above = (similarity > own).sum(axis=1)
    equal = (similarity == own).sum(axis=1) - 1
    return 1 + above + equal / 2


def retrieval_scores(similarity: np.ndarray, right: np.ndarray) -> dict[str, np.ndarray]:
    """`top1` (1 or 0) and `mrr` (reciprocal rank) for each query, each `[queries]`.

    Chance among N candidates: 1 / N, and about (ln N + 0.58) / N.
    """
    ranks = right_ranks(similarity, right)
    return {"top1": (ranks == 1).astype(np.float64), "mrr": 1 / ranks}
