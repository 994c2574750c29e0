from pathlib import Path

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.pairing import derangement, pair_own_sounds


@pytest.mark.parametrize("count", [2, 3, 10])
def test_nothing_is_its_own_image(count):
    for seed in range(20):
        images = derangement(count, np.random.default_rng(seed))
        assert sorted(images) == list(range(count)) and (images != np.arange(count)).all()


def test_pairs_are_seeded_and_one_clip_cannot_be_shuffled():
    clips = [Path(name) for name in "abcdef"]
    assert pair_own_sounds(clips, "own", 0) == clips
    shuffled = [pair_own_sounds(clips, "shuffled", seed) for seed in (0, 0, 1, 2, 3)]
    assert shuffled[0] == shuffled[1] and any(one != shuffled[0] for one in shuffled[2:])
    with pytest.raises(InputError, match="--pairing own"):
        pair_own_sounds(clips[:1], "shuffled", 0)
    with pytest.raises(ValueError, match="fewer than two"):
        derangement(1, np.random.default_rng(0))
