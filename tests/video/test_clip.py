"""Clips: what they are, and pictures with their own times, upright, in the size asked for."""

from fractions import Fraction

import numpy as np
import pytest

from tests.media_writing import picture, rotated_video, write_video
from vsg_tf.video.clip import Clip

VARYING = [0.0, 0.02, 0.1, 0.133, 0.5, 2.0, 2.01]


def _times(path) -> np.ndarray:
    return np.array([time for time, _ in _frames(path)])


def _frames(path, width=96, height=64) -> list[tuple[float, np.ndarray]]:
    with Clip.open(path) as clip:
        return list(clip.frames(width, height))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("start", [0.0, 1.5])
def test_times_are_the_presentation_times(suffix, start, tmp_path):
    path = tmp_path / f"v{suffix}"
    write_video(path, times=[start + time for time in VARYING], codec="libx264")
    np.testing.assert_allclose(_times(path), VARYING, atol=1.1e-3)  # Matroska counts in ms


def test_reordered_frames_come_in_showing_order(tmp_path):
    write_video(tmp_path / "v.mp4", codec="libx264", options={"bf": "3", "b_strategy": "0"})
    frames = _frames(tmp_path / "v.mp4")
    np.testing.assert_allclose([time for time, _ in frames], np.arange(30) / 25, atol=1e-6)
    wanted = picture((96, 64), 10 / 25)[..., 0]
    assert _difference(frames[10][1], wanted) < 10 < _difference(frames[12][1], wanted)


def test_grey_pictures_of_the_size_asked_for(tmp_path):
    write_video(tmp_path / "v.mkv", size=(192, 128), codec="ffv1")
    frame = _frames(tmp_path / "v.mkv")[0][1]
    assert frame.shape == (64, 96) and frame.dtype == np.uint8
    large = picture((192, 128), 0.0)[..., 0].astype(float)
    assert _difference(frame, large.reshape(64, 2, 96, 2).mean((1, 3))) < 4


def test_rotation_is_applied(tmp_path):
    rotated_video(tmp_path / "v.mp4")
    with Clip.open(tmp_path / "v.mp4") as clip:
        assert (clip.width, clip.height, clip.rotation % 180) == (64, 96, 90)
    frame = _frames(tmp_path / "v.mp4", 64, 96)[0][1]
    stored = picture((96, 64), 0.0)[..., 0]
    # A quarter turn clockwise.
    assert _difference(frame, np.rot90(stored, -1)) < 2
    assert _difference(frame, np.rot90(stored, 1)) > 5


def test_what_a_clip_is(tmp_path):
    write_video(tmp_path / "v.mp4", size=(128, 96))
    with Clip.open(tmp_path / "v.mp4") as clip:
        assert (clip.width, clip.height, clip.rotation, clip.start_s) == (128, 96, 0, 0.0)
        assert clip.duration_s == pytest.approx(1.2)
        assert clip.frame_rate == 25 and isinstance(clip.frame_rate, Fraction)
        assert [(t.number, t.channels, t.sample_rate) for t in clip.tracks] == [(1, 1, 48_000)]
        assert clip.timecode is None
    write_video(tmp_path / "mute.mp4", sound=False)
    with Clip.open(tmp_path / "mute.mp4") as clip:
        assert clip.tracks == ()


def _difference(frame: np.ndarray, wanted: np.ndarray) -> float:
    return np.abs(frame.astype(float) - wanted).mean()
