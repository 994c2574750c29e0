"""Chunks cover the whole, and joining them gives the whole back."""

import itertools

import numpy as np
import pytest

from vsg_tf.inference.chunking import join_chunks, join_waveforms, plan_chunks, window_frames


@pytest.mark.parametrize(("total", "size", "overlap"), [(1, 10, 3), (11, 10, 3), (997, 100, 30)])
def test_plan_covers_everything_with_enough_overlap(total, size, overlap):
    plan = plan_chunks(total, size, overlap)
    assert plan[0].start == 0 and plan[-1].stop == total
    assert all(len(chunk) <= size for chunk in plan)
    for before, after in itertools.pairwise(plan):
        assert before.stop - after.start >= overlap
    for before, after in zip(plan, plan[2:], strict=False):
        assert before.stop <= after.start


def test_plan_refuses_overlap_of_half_a_chunk():
    with pytest.raises(ValueError, match="overlap"):
        plan_chunks(100, 10, 5)


@pytest.mark.parametrize("total", [7, 50, 123])
def test_join_restores_agreeing_chunks(total):
    whole = np.random.default_rng(0).normal(size=(total, 3)).astype(np.float32)
    plan = plan_chunks(total, 20, 6)
    pieces = list(join_chunks((chunk, whole[chunk.start : chunk.stop]) for chunk in plan))
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=1e-6)


def test_join_fades_from_one_chunk_to_the_next():
    plan = plan_chunks(30, 20, 9)
    pieces = [
        (chunk, np.full(len(chunk), value, np.float32))
        for chunk, value in zip(plan, (0.0, 1.0), strict=True)
    ]
    joined = np.concatenate(list(join_chunks(pieces)))
    assert len(joined) == 30
    assert np.all(np.diff(joined) >= 0) and np.diff(joined).max() <= 0.11


def test_windows_regroup_any_pieces():
    whole = np.arange(57)
    plan = plan_chunks(57, 20, 5)
    windows = list(window_frames(np.split(whole, [1, 9, 40]), plan))
    for chunk, window in zip(plan, windows, strict=True):
        np.testing.assert_array_equal(window, whole[chunk.start : chunk.stop])


def test_waveforms_join_where_it_is_quiet():
    hop, fade = 10, 8
    plan = plan_chunks(30, 18, 4)
    whole = np.sin(np.arange(300) / 5).astype(np.float32)
    quiet = plan[1].start * hop + 20
    whole[quiet - 10 : quiet + 12] = 0
    blocks = []
    for index, chunk in enumerate(plan):
        part = whole[chunk.start * hop : chunk.stop * hop].copy()
        blocks.append((chunk, part if index == 0 else -part))  # opposite phase
    joined = np.concatenate(list(join_waveforms(blocks, hop, fade)))
    np.testing.assert_allclose(joined[: quiet - 10], whole[: quiet - 10])
    np.testing.assert_allclose(joined[quiet + 12 :], -whole[quiet + 12 :])
