"""Motion features: their layout, their timing, and what they must not depend on."""

import time

import numpy as np
import pytest

from tests.media_writing import picture, write_video
from vsg_tf.config.schema import VideoConfig
from vsg_tf.errors import InputError
from vsg_tf.frontends.motion import extraction
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.frontends.motion.layout import CELL_CHANNELS, CELL_QUANTITIES, FEATURE_WIDTH
from vsg_tf.timebase import TimeBase

GRID = TimeBase()
FRONT_END = MotionFrontEnd(GRID)
SPEED = CELL_QUANTITIES.index("speed")


def _scene(times, at) -> list:
    """A square that rests, but jumps at time `at`, in the left upper quarter."""
    frames = []
    for moment in times:
        frame = picture((96, 64), 0.0, moving=False)[..., 0].copy()
        x = 4 if moment < at else 10
        frame[4:14, x : x + 10] = 255
        frames.append((moment, frame))
    return frames


def test_width_is_the_one_of_the_configuration():
    assert FEATURE_WIDTH == VideoConfig(front_end="motion").feature_width == 282
    assert FEATURE_WIDTH == 16 * CELL_CHANNELS + 10 and CELL_CHANNELS == 17


@pytest.mark.parametrize("rate", [15, 25, 29.97, 120])
@pytest.mark.parametrize("at", [0.5, 1.2])
def test_a_jump_peaks_in_its_own_cell_and_frame(rate, at):
    times = np.arange(0, 2, 1 / rate)
    features = FRONT_END.extract_frames(_scene(times, at), 2.0)
    cells = features[:, :-10].reshape(-1, 16, CELL_CHANNELS)
    seen = times[times >= at][0]
    frame = cells[:, 0, SPEED].argmax()
    assert abs(frame - GRID.feature_position_at(seen)) < 1
    assert cells[frame, 0, SPEED] > cells[frame, 5:, SPEED].max() + 1


def test_varying_frame_times_do_not_move_an_event():
    generator = np.random.default_rng(0)
    times = np.cumsum(generator.uniform(0.01, 0.08, 60))
    times -= times[0]
    features = FRONT_END.extract_frames(_scene(times, 1.0), 2.0)
    seen = times[times >= 1.0][0]
    assert abs(features[:, SPEED].argmax() - GRID.feature_position_at(seen)) < 1


def test_repeated_frames_change_nothing():
    """A 25 fps scene stored at 50 fps by repeating every picture."""
    single = [(i / 25, picture((96, 64), i / 25)[..., 0]) for i in range(40)]
    double = [(t + shift, frame) for t, frame in single for shift in (0, 0.02)]
    np.testing.assert_array_equal(
        FRONT_END.extract_frames(single, 1.6), FRONT_END.extract_frames(double, 1.6)
    )


@pytest.mark.parametrize("block", [1, 7, 20])
def test_long_clips_are_made_block_by_block(block, monkeypatch):
    times = [0.0, 0.04, 0.08, 0.11, 0.3, 1.9, *np.arange(2, 4, 0.033)]
    whole = FRONT_END.extract_frames(_scene(times, 2.5), 4.7)
    monkeypatch.setattr(extraction, "_BLOCK", block)
    np.testing.assert_allclose(FRONT_END.extract_frames(_scene(times, 2.5), 4.7), whole, atol=1e-5)


def test_values_are_normalised_over_the_clip():
    noise = np.random.default_rng(0).integers(0, 255, (60, 64, 96), np.uint8)
    features = FRONT_END.extract_frames([(i / 25, frame) for i, frame in enumerate(noise)])
    cells = features[:, :-10].reshape(len(features), 16, CELL_CHANNELS)
    np.testing.assert_allclose(cells.mean((0, 1)), 0, atol=1e-4)
    np.testing.assert_allclose(features[:, -10:].mean(0), 0, atol=1e-4)
    assert np.all(cells.std((0, 1)) < 1) and cells.std((0, 1)).max() > 0.5


def test_motion_is_not_spread_over_a_gap():
    times = np.array([0, 0.04, 0.08, 3.0, 3.04, 3.08])
    features = FRONT_END.extract_frames(_scene(times, 3.0), 3.12)
    speed = features[:, SPEED]
    gap = speed[6:58]  # 0.3 s .. 2.7 s
    assert speed.argmax() in (64, 65)
    assert gap.max() < speed.max() - 2


@pytest.mark.parametrize("seconds", [0.08, 0.5, 1.234, 3.0])
def test_as_many_frames_as_the_duration_needs(seconds):
    times = np.arange(0, seconds, 0.04)
    features = FRONT_END.extract_frames(_scene(times, 0.2), seconds)
    assert features.shape == (GRID.feature_frames_for(seconds), 282)
    assert features.dtype == np.float32 and np.isfinite(features).all()


def test_a_still_video_has_calm_features():
    frames = [(i / 25, picture((96, 64), 0.0)[..., 0]) for i in range(50)]
    assert np.abs(FRONT_END.extract_frames(frames)).max() < 6


def test_one_picture_is_too_few():
    with pytest.raises(InputError, match="fewer than two"):
        FRONT_END.extract_frames(_scene([0.0], 1.0))


def test_a_file_gives_the_same_features_each_time_and_fast(tmp_path):
    path = tmp_path / "v.mp4"
    write_video(path, times=[i / 25 for i in range(150)], size=(320, 240), sound=False)
    first = FRONT_END.extract(path)
    start = time.process_time()
    np.testing.assert_array_equal(FRONT_END.extract(path), first)
    assert time.process_time() - start < 6.0 / 5  # measured: 20 times real time
