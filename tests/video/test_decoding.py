"""Pictures come with their own times, upright, in the size asked for."""

import numpy as np
import pytest

from tests.media_writing import picture, rotated_video, write_video
from vsg_tf.video.decoding import iterate_frames, probe_video

VARYING = [0.0, 0.02, 0.1, 0.133, 0.5, 2.0, 2.01]


def _times(path) -> np.ndarray:
    return np.array([time for time, _ in iterate_frames(path, 96, 64)])


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
@pytest.mark.parametrize("start", [0.0, 1.5])
def test_times_are_the_presentation_times(suffix, start, tmp_path):
    path = tmp_path / f"v{suffix}"
    write_video(path, times=[start + time for time in VARYING], codec="libx264")
    np.testing.assert_allclose(_times(path), VARYING, atol=1.1e-3)  # Matroska counts in ms


def test_reordered_frames_come_in_showing_order(tmp_path):
    write_video(tmp_path / "v.mp4", codec="libx264", options={"bf": "3", "b_strategy": "0"})
    frames = list(iterate_frames(tmp_path / "v.mp4", 96, 64))
    np.testing.assert_allclose([time for time, _ in frames], np.arange(30) / 25, atol=1e-6)
    wanted = picture((96, 64), 10 / 25)[..., 0]
    assert _difference(frames[10][1], wanted) < 10 < _difference(frames[12][1], wanted)


def test_grey_pictures_of_the_size_asked_for(tmp_path):
    write_video(tmp_path / "v.mkv", size=(192, 128), codec="ffv1")
    frame = next(iter(iterate_frames(tmp_path / "v.mkv", 96, 64)))[1]
    assert frame.shape == (64, 96) and frame.dtype == np.uint8
    large = picture((192, 128), 0.0)[..., 0].astype(float)
    assert _difference(frame, large.reshape(64, 2, 96, 2).mean((1, 3))) < 4


def test_rotation_is_applied(tmp_path):
    rotated_video(tmp_path / "v.mp4")
    info = probe_video(tmp_path / "v.mp4")
    assert (info.width, info.height, info.rotation % 180) == (64, 96, 90)
    frame = next(iter(iterate_frames(tmp_path / "v.mp4", 64, 96)))[1]
    stored = picture((96, 64), 0.0)[..., 0]
    # A quarter turn clockwise.
    assert _difference(frame, np.rot90(stored, -1)) < 2
    assert _difference(frame, np.rot90(stored, 1)) > 5


def test_probe(tmp_path):
    write_video(tmp_path / "v.mp4", size=(128, 96))
    info = probe_video(tmp_path / "v.mp4")
    assert (info.width, info.height, info.rotation, info.has_audio) == (128, 96, 0, True)
    assert info.duration_s == pytest.approx(1.2)
    assert info.frame_rate == pytest.approx(25)
    write_video(tmp_path / "mute.mp4", sound=False)
    assert not probe_video(tmp_path / "mute.mp4").has_audio


def _difference(frame: np.ndarray, wanted: np.ndarray) -> float:
    return np.abs(frame.astype(float) - wanted).mean()
