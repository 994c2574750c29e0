import numpy as np
import pytest
from scipy import stats

from vsg_tf.metrics.statistics import bootstrap_mean, compare_paired, t_mean


def test_t_interval_against_scipy():
    values = np.random.default_rng(0).normal(3, 1, 12)
    estimate = t_mean(values)
    low, high = stats.t.interval(0.95, 11, loc=values.mean(), scale=stats.sem(values))
    assert (estimate.low, estimate.high) == pytest.approx((low, high))


def test_bootstrap_interval_against_scipy():
    values = np.random.default_rng(1).exponential(size=60)
    estimate = bootstrap_mean(values)
    other = stats.bootstrap((values,), np.mean, method="percentile", rng=5).confidence_interval
    assert estimate.mean == pytest.approx(values.mean())
    assert (estimate.low, estimate.high) == pytest.approx(tuple(other), abs=0.05)
    assert estimate == bootstrap_mean(values)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(2)
    hits = [
        estimate.low <= 0 <= estimate.high
        for estimate in (bootstrap_mean(rng.normal(size=40)) for _ in range(150))
    ]
    assert 0.88 <= np.mean(hits) <= 0.99


@pytest.mark.parametrize("function", [bootstrap_mean, t_mean])
def test_few_and_missing_values(function):
    assert function(np.array([np.nan, 2.0, 4.0]))[::3] == (3.0, 2)
    one = function(np.array([2.0]))
    assert one.mean == 2 and np.isnan(one.low) and one.count == 1
    assert function(np.zeros(0)).count == 0 and np.isnan(function(np.zeros(0)).mean)


def test_paired_comparison_sees_what_unpaired_would_not():
    rng = np.random.default_rng(3)
    clips = rng.normal(0, 10, 30)
    comparison = compare_paired(clips, clips + 0.5 + rng.normal(0, 0.2, 30))
    assert comparison.difference.low > 0.3 and comparison.p < 1e-4
    assert stats.mannwhitneyu(clips, clips + 0.5).pvalue > 0.5
    assert compare_paired(clips, clips).p == 1
    gaps = compare_paired(np.array([1.0, np.nan, 2.0]), np.array([2.0, 5.0, np.nan]))
    assert gaps.difference.count == 1 and np.isnan(gaps.p)
