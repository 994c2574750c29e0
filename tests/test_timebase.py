"""The grids agree with each other to within half a mel hop, however long the video is."""

import numpy as np
import pytest

from vsg_tf.timebase import TimeBase

PAPER = TimeBase()
TEN_MINUTES = 600.0
HALF_HOP = 0.5 * 256 / 22050


def test_paper_lengths():
    assert PAPER.mel_frames(215) == 860
    assert PAPER.feature_frames(860) == 215
    assert PAPER.feature_frames(861) == 216
    assert PAPER.samples(860) == 220_160
    assert PAPER.feature_rate == pytest.approx(21.533203125)


@pytest.mark.parametrize("grid", [PAPER, TimeBase(48_000, 480, 4), TimeBase(16_000, 200, 3)])
def test_an_event_keeps_its_time_through_all_grids_for_ten_minutes(grid):
    half_hop = 0.5 * grid.hop_length / grid.sample_rate
    for event in np.random.default_rng(0).uniform(0, TEN_MINUTES, 500):
        mel = grid.mel_frame_at(event)
        sample = grid.samples(mel)
        assert abs(sample / grid.sample_rate - event) <= half_hop * (1 + 1e-9)
        # The feature frame's own mel frames stand around the event.
        position = grid.feature_position_at(event)
        nearest = round(position)
        centre = grid.feature_times(1, nearest)[0]
        assert abs(centre - event) <= half_hop * grid.mel_per_feature * (1 + 1e-9)
        owned = grid.mel_times(grid.mel_per_feature, nearest * grid.mel_per_feature)
        assert np.mean(owned) == pytest.approx(centre)
        assert grid.feature_times(1, 0)[0] + position / grid.feature_rate == pytest.approx(event)


def test_regnet_features_stay_in_step_for_ten_minutes():
    count = PAPER.feature_frames_for(TEN_MINUTES)
    positions = PAPER.nominal_positions(count, 21.5)
    stored_centres = (positions + 0.5) / 21.5
    # A grid frame covers [k, k + 1) feature hops, as a stored one covers [i, i + 1) / 21.5.
    wanted = (np.arange(count) + 0.5) * 1024 / 22050
    assert np.abs(stored_centres - wanted).max() < 1e-9
    # The same frame numbers taken as they are would be 0.9 s off in the end.
    assert abs((count + 0.5) / 21.5 - wanted[-1]) > 0.9
    # The middles of a frame's span and of its mel frames differ by less than half a mel hop.
    assert np.abs(PAPER.feature_times(count) - wanted).max() <= HALF_HOP * (1 + 1e-9)


@pytest.mark.parametrize("seconds", [0.0, 1e-6, 0.04, 1.0, 7.3333, 9.985, 10.0, 10.001, 599.99])
def test_feature_frames_cover_any_length_and_no_more(seconds):
    frames = PAPER.feature_frames_for(seconds)
    covered = PAPER.samples(PAPER.mel_frames(frames))
    assert covered >= PAPER.samples_for(seconds)
    assert frames == 1 or covered - PAPER.feature_hop < PAPER.samples_for(seconds)


def test_times_can_start_anywhere():
    np.testing.assert_allclose(PAPER.mel_times(5, 100), PAPER.mel_times(105)[100:])
    np.testing.assert_allclose(PAPER.feature_times(5, 100), PAPER.feature_times(105)[100:])
