"""Where pictures come from: rates made by leaving out and doubling, pieces of a video."""

import numpy as np
import pytest

from tests.media_writing import write_video
from vsg_tf.frontends.front_end import Pictures
from vsg_tf.frontends.sources import ClipPieces, at_rate, clip_source, list_source
from vsg_tf.video.clip import Clip

SMALL = Pictures(32, 24, "gray")


def _timed(rate, seconds):
    count = round(rate * seconds)
    return [(k / rate, k) for k in range(count)]


@pytest.mark.parametrize("rate", [5.0, 15.0, 21.5, 25.0, 30.0, 60.0])
def test_ten_seconds_at_any_rate_are_as_many_pictures(rate):
    frames = list(at_rate(_timed(rate, 10), 21.5))
    times, numbers = zip(*frames, strict=True)
    assert len(frames) == 215
    np.testing.assert_allclose(times, np.arange(215) / 21.5)
    # Shown is the picture that was shown half a step later.
    wanted = np.minimum(np.floor((np.arange(215) + 0.5 + 1e-9) / 21.5 * rate), 10 * rate - 1)
    assert np.abs(np.array(numbers) - wanted).max() <= 1
    assert numbers[0] <= rate / 43 and np.all(np.diff(numbers) >= 0)


def test_no_rate_leaves_pictures_alone():
    frames = _timed(7, 1)
    assert list(at_rate(frames, None)) == frames
    assert list(at_rate([], 5.0)) == [] and list(at_rate([(0.0, 1)], 5.0)) == [(0.0, 1)]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("v") / "v.mp4"
    write_video(path, times=[i / 25 for i in range(75)], size=(64, 48), sound=False)
    with Clip.open(path) as clip:
        yield clip


def test_pieces_are_the_video_in_parts(clip):
    whole = list(clip_source(clip)(SMALL))
    pieces = ClipPieces(clip)
    found = []
    for start in (0.0, 1.0, 2.0):
        source = pieces.source(start, start + 1)
        part = list(source(SMALL))
        assert 0 <= part[0][0] < 0.04
        found += [(time + start, picture) for time, picture in part]
        assert len(list(pieces.source(start, start + 1)(Pictures(8, 8, "gray")))) == len(part)
    assert len(found) == len(whole)
    for (time, picture), (wanted, same) in zip(found, whole, strict=True):
        assert abs(time - wanted) < 1e-9
        np.testing.assert_array_equal(picture, same)


def test_a_short_video_goes_round(clip):
    frames = list(ClipPieces(clip, period=3.0).source(0.0, 7.0)(SMALL))
    assert len(frames) == 175
    np.testing.assert_allclose([time for time, _ in frames], np.arange(175) / 25, atol=1e-6)
    np.testing.assert_array_equal(frames[80][1], frames[5][1])


def test_a_crop_is_the_middle_undistorted(clip):
    wanted = Pictures(24, 24, "rgb", crop=True)  # of 64 x 48
    _, picture = next(iter(clip_source(clip)(wanted)))
    _, whole = next(iter(clip.frames(32, 24, "rgb")))
    np.testing.assert_array_equal(picture, whole[:, 4:28])
    seen = []
    pictures = clip_source(clip, lambda frames: (seen.append(f[0]) or f for f in frames))(SMALL)
    assert len(list(pictures)) == len(seen) == 75


def test_lists_are_brought_to_the_rate_that_is_wanted():
    pictures = np.zeros((50, 2, 2), np.uint8)
    source = list_source(np.arange(50) / 25, pictures)
    assert len(list(source(Pictures(2, 2, "gray")))) == 50
    assert len(list(source(Pictures(2, 2, "gray", 10.0)))) == 20
