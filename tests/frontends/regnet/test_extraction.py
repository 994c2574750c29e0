"""REGNET's features from videos: pictures, rows and flow, as far as they can be known."""

import itertools

import cv2
import numpy as np
import pytest

from tests.media_writing import write_video
from vsg_tf.config import parse_config
from vsg_tf.errors import InputError, MissingExtraError
from vsg_tf.frontends.regnet import flow as flow_module
from vsg_tf.frontends.regnet.extraction import extract_rows
from vsg_tf.frontends.regnet.files import FLOW_FOLDER, RGB_FOLDER, load_array
from vsg_tf.frontends.regnet.flow import FlowPictures, check_method
from vsg_tf.frontends.regnet.pictures import constant_rate, squashed, through_jpeg
from vsg_tf.frontends.sources import ClipPieces, extract_clip, list_source
from vsg_tf.video.clip import Clip

HAS_TVL1 = hasattr(getattr(cv2, "optflow", None), "createOptFlow_DualTVL1")


def _config(**settings):
    settings = {"flow": "dis", **settings}
    return parse_config({"video": {"front_end": "regnet", "settings": {"regnet": settings}}})


def _numbers(rate, count):
    return list(constant_rate(((k / rate, k) for k in range(count)), 21.5))


@pytest.mark.parametrize(
    ("rate", "rows"),
    [(24, 216), (25, 216), (29.97, 216), (30, 216), (50, 216), (60, 216), (15.25, 214), (12, 214)],
)
def test_ten_seconds_are_as_many_rows_as_are_published(rate, rows):
    numbers = _numbers(rate, int(np.ceil(10 * rate)))
    assert len(numbers) - 1 == rows
    assert numbers[:2] == [0, 1] or rate < 21.5
    assert np.all(np.diff(numbers) >= 0)
    late = np.arange(len(numbers)) / 21.5 - np.array(numbers) / rate
    assert late.max() < 2.2 / 21.5 and late.min() > -1.0 / 21.5


def test_a_repeated_picture_is_the_same_object():
    pictures = [np.full((2, 2), k, np.uint8) for k in range(5)]
    chosen = list(constant_rate(((k / 5, picture) for k, picture in enumerate(pictures)), 21.5))
    assert len({id(picture) for picture in chosen}) == 5


@pytest.mark.parametrize(
    "clip",
    [
        "baby/video_01951",
        "cough/video_00331",
        "dog/video_02754",
        "drum/video_02480",
        "fireworks/video_02997",
        "gun/video_00819",  # 8 s: goes round
        "hammer/video_00323",
    ],
)
def test_published_rows_follow_these_pictures(clip, shared_data):
    """Row counts are equal, and rows change where the chosen pictures do, at no other shift."""
    root = shared_data / "vas_samples"
    category, name = clip.split("/")
    rgb, flow = (
        load_array(root / "features" / category / folder / f"{name}.pkl")
        for folder in (RGB_FOLDER, FLOW_FOLDER)
    )
    video = root / "videos" / f"{clip}.mp4"
    with Clip.open(video) as opened:
        length = opened.duration_s
        times, pictures = zip(*opened.frames(96, 64), strict=True)
    turns = [(time + turn * length, k) for turn in (0, 1) for k, time in enumerate(times)]
    chosen = list(constant_rate((frame for frame in turns if frame[0] < 10 - 1e-6), 21.5))
    assert len(chosen) - 1 == len(rgb) == len(flow)
    grey = np.array(pictures, np.float32)
    steps = np.array([np.abs(grey[b] - grey[a]).mean() for a, b in itertools.pairwise(chosen)])
    change = np.log(steps + 0.05)  # from picture k to k + 1

    def best(values: np.ndarray) -> tuple[int, float]:
        found = {}
        for shift in range(-2, 4):
            place = np.arange(len(values)) + shift
            inside = (place >= 0) & (place < len(change))
            found[shift] = np.corrcoef(values[inside], change[place[inside]])[0, 1]
        shift = max(found, key=found.get)
        return shift, found[shift]

    # Row k is picture k + 1, so its step to the next row is the one from there.
    shift, correlation = best(np.log(np.abs(np.diff(rgb, axis=0)).mean(1) + 0.02))
    assert shift == 1 and correlation > 0.5
    # Flow row k is the step from picture k to k + 1.
    moving = np.log(np.linalg.norm(flow - np.median(flow, 0), axis=1) + 1e-3)
    shift, correlation = best(moving)
    assert shift == 0 and correlation > 0.25


def _texture(seed=0):
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (32, 43, 3), np.uint8)
    return cv2.resize(small, (340, 256), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize(
    "method",
    ["dis", pytest.param("tvl1", marks=pytest.mark.skipif(not HAS_TVL1, reason="no contrib"))],
)
@pytest.mark.parametrize("jpeg", [False, True])
def test_flow_of_a_known_motion(method, jpeg):
    before = _texture()
    after = np.roll(before, (2, -4), (0, 1))
    flow = FlowPictures(method, jpeg)(before, after)
    assert flow.shape == (256, 340, 2) and flow.dtype == np.uint8
    middle = np.median(flow[40:-40, 40:-40].reshape(-1, 2), axis=0)
    np.testing.assert_allclose(middle, [(20 - 4) * 6.375, (20 + 2) * 6.375], atol=2)
    fast = FlowPictures(method, jpeg)(before, np.roll(before, 60, 1))
    assert fast.min() >= 0 and fast.max() <= 255


def test_no_motion_is_the_middle_of_the_scale():
    picture = _texture()
    for jpeg in (False, True):
        assert set(np.unique(FlowPictures("dis", jpeg)(picture, picture))) <= {127, 128}


def test_without_contrib_modules_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setattr(flow_module.cv2, "optflow", None, raising=False)
    check_method("dis")
    with pytest.raises(MissingExtraError, match=r"features.*contrib.*=\d.*or choose another flow"):
        check_method("tvl1")


def test_rows_pair_pictures_and_flow_as_the_released_code():
    pictures = [_texture(k) for k in range(4)]
    frames = [(k / 21.5, picture) for k, picture in enumerate(pictures)]
    given = []

    def network(some, flows):
        given.append((some, flows))
        return np.zeros((len(some), 2048), np.float32)

    flow = FlowPictures("dis", jpeg=True)
    assert extract_rows(frames, 21.5, network, flow, exact=True).shape == (3, 2048)
    stored = [through_jpeg(picture) for picture in pictures]
    np.testing.assert_array_equal(given[0][0][0], squashed(stored[1], 224))
    np.testing.assert_array_equal(given[0][1][2], squashed(flow(stored[2], stored[3]), 224))
    plain = FlowPictures("dis", jpeg=False)
    assert extract_rows(frames, 21.5, network, plain, exact=False).shape == (4, 2048)
    np.testing.assert_array_equal(given[1][0][0], squashed(pictures[0], 224))
    np.testing.assert_array_equal(given[1][1][0], squashed(plain(*pictures[:2]), 224))
    assert given[1][1][3].max() <= 128


@pytest.mark.parametrize("exact", [True, False])
def test_a_video_has_features_on_the_grid(weights, tmp_path, exact):
    path = tmp_path / "v.mp4"
    write_video(path, times=[i / 25 for i in range(45)], size=(160, 120), sound=False)
    config = _config(exact=exact)
    with Clip.open(path) as clip:
        features, again = (
            extract_clip(_config(exact=exact).video.visual, clip, config.timebase) for _ in "ab"
        )
    assert features.shape == (config.timebase.feature_frames_for(1.8), 2048)
    assert np.isfinite(features).all() and features.std() > 0
    np.testing.assert_array_equal(features, again)


def test_one_picture_is_too_few(weights):
    config = _config()
    source = list_source(np.zeros(1), _texture()[None])
    with pytest.raises(InputError, match="fewer than two"):
        config.video.visual.extract(source, config.timebase, 1.0)


def test_short_clips_go_round(weights, tmp_path):
    path = tmp_path / "v.mp4"
    write_video(path, times=[i / 25 for i in range(30)], size=(64, 48), sound=False)
    visual = _config().video.visual
    assert visual.loops and not _config(exact=False).video.visual.loops
    with Clip.open(path) as clip:
        rows = visual.rows(ClipPieces(clip, period=1.2).source(0, 3.0)(visual.pictures))
        alone = visual.rows(ClipPieces(clip).source(0, 3.0)(visual.pictures))
    assert len(rows) == round(3 * 21.5) + 1
    np.testing.assert_array_equal(rows[: len(alone) - 3], alone[:-3])


def test_what_changes_no_feature_is_not_recorded():
    recorded = _config().video.visual.description()
    assert recorded == [
        {"name": "regnet", "version": 1, "settings": {"exact": True, "flow": "dis"}}
    ]
    assert _config(runtime="tensorflow", weights="ab").video.visual.description() == recorded
    assert _config(exact=False).video.visual.description() != recorded
