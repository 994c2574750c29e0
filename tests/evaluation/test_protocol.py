from collections import Counter
from pathlib import Path

import pytest

from vsg_tf.errors import InputError
from vsg_tf.evaluation.pair_lists import read_pairs, write_pairs
from vsg_tf.evaluation.protocol import select_pairs

CLIPS = {name: [Path(f"{name}/{i}.mp4") for i in range(20)] for name in ("dog", "drum")}


def test_numbers_of_the_paper():
    items = select_pairs(CLIPS)
    counts = Counter((item.category, item.kind) for item in items)
    for category in CLIPS:
        assert counts[category, "timbre"] == 15 and counts[category, "length"] == 15
        assert counts[category, "original"] == counts[category, "shuffled"] == 10
    timbre = [item for item in items if item.kind == "timbre" and item.category == "dog"]
    assert set(Counter(item.reference for item in timbre).values()) == {3}
    assert len({(item.video, item.reference) for item in timbre}) == 15
    lengths = [item for item in items if item.kind == "length" and item.category == "dog"]
    assert Counter(item.reference_length for item in lengths) == {0.5: 5, 1.0: 5, 2.0: 5}


def test_pairs_are_what_their_kind_says():
    for item in select_pairs(CLIPS, seed=4):
        assert (item.video == item.reference) == (item.kind == "original")
        assert item.truth == item.video and item.video.parent == item.reference.parent


def test_seeded_and_written_to_a_file(tmp_path):
    assert select_pairs(CLIPS, 1) == select_pairs(dict(reversed(CLIPS.items())), 1)
    assert select_pairs(CLIPS, 1) != select_pairs(CLIPS, 2)
    placed = {name: [tmp_path / clip for clip in clips] for name, clips in CLIPS.items()}
    items = select_pairs(placed, 1)
    write_pairs(tmp_path / "protocol.csv", items)
    assert read_pairs(tmp_path / "protocol.csv") == items


def test_few_clips_give_what_they_can():
    kinds = Counter(item.kind for item in select_pairs({"a": CLIPS["dog"][:1]}))
    assert kinds == {"original": 1}
    kinds = Counter(item.kind for item in select_pairs({"a": CLIPS["dog"][:2]}))
    assert kinds == {"original": 2, "shuffled": 2, "timbre": 2, "length": 6}
    with pytest.raises(InputError, match="no clip"):
        select_pairs({})
