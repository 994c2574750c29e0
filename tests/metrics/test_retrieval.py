import numpy as np

from vsg_tf.metrics.retrieval import retrieval_scores, right_ranks


def test_known_ranks():
    similarity = np.array([[0.9, 0.1, 0.5], [0.2, 0.1, 0.3], [0.4, 0.6, 0.5]])
    ranks = right_ranks(similarity, np.arange(3))
    assert ranks.tolist() == [1, 3, 2]
    scores = retrieval_scores(similarity, np.arange(3))
    assert scores["top1"].tolist() == [1, 0, 0]
    np.testing.assert_allclose(scores["mrr"], [1, 1 / 3, 1 / 2])


def test_several_queries_may_share_a_candidate():
    similarity = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.2]])
    assert right_ranks(similarity, np.array([0, 0, 1])).tolist() == [1, 1, 1]


def test_equal_outputs_are_at_chance():
    similarity = np.zeros((4, 4))
    assert right_ranks(similarity, np.arange(4)).tolist() == [2.5] * 4
    assert retrieval_scores(similarity, np.arange(4))["top1"].sum() == 0
