import numpy as np
import pytest

from vsg_tf.metrics.similarity import correlation, cosine


def test_known_angles():
    assert cosine([1, 0], [0, 1]) == 0
    assert cosine([1, 1], [2, 2]) == pytest.approx(1)
    assert cosine([1, 0], [1, 1]) == pytest.approx(np.sqrt(0.5))
    assert cosine([0, 0], [1, 1]) == 0


def test_correlation_agrees_with_numpy_and_survives_flat_curves():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 50))
    assert correlation(first, second) == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert correlation(first, -2 * first + 3) == pytest.approx(-1)
    assert correlation(np.ones(5), first[:5]) == 0
    assert correlation([], []) == correlation([1.0], [2.0]) == 0
