"""The motion front end as a graph against OpenCV and the NumPy original."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
import tensorflow as tf

from tests.media_writing import picture
from vsg_tf.frontends.motion.extraction import MotionFrontEnd
from vsg_tf.frontends.motion.graph_flow import dense_flow
from vsg_tf.frontends.motion.graph_motion import motion_features
from vsg_tf.frontends.motion.layout import HEIGHT, WIDTH
from vsg_tf.timebase import TimeBase
from vsg_tf.video.clip import Clip

GRID = TimeBase()
FLOW = tf.function(dense_flow, input_signature=[tf.TensorSpec([None, HEIGHT, WIDTH], tf.uint8)] * 2)
FEATURES = tf.function(
    lambda pictures, times: motion_features(pictures, times, GRID),
    input_signature=[
        tf.TensorSpec([None, HEIGHT, WIDTH], tf.uint8),
        tf.TensorSpec([None], tf.float64),
    ],
)


def _moving(count, rate=25.0, speed=1.0):
    return np.stack([picture((WIDTH, HEIGHT), speed * i / rate)[..., 0] for i in range(count)])


def _noise(count):
    return np.random.default_rng(0).integers(0, 256, (count, HEIGHT, WIDTH), np.uint8)


def _blurred(count):
    return np.stack([cv2.GaussianBlur(frame, (0, 0), 3) for frame in _noise(count)])


def _clips():
    still = np.repeat(_moving(1), 12, axis=0)
    steady = np.arange(40) / 25
    jittered = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.08, 40))
    return {
        "moving": (_moving(40), steady),
        "long": (_moving(140, speed=3.0), np.arange(140) / 30),
        "varying-rate": (_blurred(40), jittered - jittered[0]),
        "repeated": (np.repeat(_moving(20), 2, axis=0), steady),
        "gaps": (_moving(6, 5.0), np.array([0, 0.04, 0.3, 0.36, 2.0, 2.18])),
        "still": (still, np.arange(12) / 25),
        "still-and-long": (still[:2], np.array([0.0, 0.09])),
        "two": (_moving(2, 2.0), np.array([0.0, 0.04])),
        "nearly-together": (_moving(4, 5.0), np.array([0.0, 0.0005, 0.001, 0.05])),
        "flash": (np.where(np.arange(40)[:, None, None] == 20, 255, _moving(40)), steady),
    }


CLIPS = _clips()


@pytest.mark.parametrize("kind", ["moving", "noise", "blurred", "black"])
def test_flow_is_opencvs(kind):
    frames = {
        "moving": _moving(8, speed=4.0),
        "noise": _noise(8),
        "blurred": _blurred(8),
        "black": np.zeros((3, HEIGHT, WIDTH), np.uint8),
    }[kind]
    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)
    search.setFinestScale(1)
    own = np.stack([search.calc(a, b, None) for a, b in pairwise(frames)])
    flow = FLOW(tf.constant(frames[:-1]), tf.constant(frames[1:])).numpy()
    difference = np.abs(flow - own)
    # Rounding may tip which of two vectors is taken that fit equally well.
    assert np.quantile(difference, 0.98) < 1e-2
    assert difference.mean() < 0.02 * (np.abs(own).mean() + 1e-3)


@pytest.mark.parametrize("name", CLIPS)
def test_features_agree(name):
    frames, times = CLIPS[name]
    frames = frames.astype(np.uint8)
    own = MotionFrontEnd(GRID).extract_frames(zip(times, frames, strict=True))
    features = FEATURES(tf.constant(frames), tf.constant(times)).numpy()
    assert features.shape == own.shape
    difference = np.abs(features - own)
    if name == "flash":
        # A white picture fits everywhere: rounding decides its flow, in the three feature frames
        # that see it. The others feel it through the clip's normalisation alone.
        assert difference.mean() < 1e-2
        difference = np.delete(difference, [16, 17, 18], axis=0)
        assert difference.mean() < 5e-3
    else:
        assert difference.mean() < 2e-3
    assert np.quantile(difference, 0.95) < 2e-2


def test_real_clips_agree(shared_data):
    for path in sorted((shared_data / "real_clips").glob("*.mp4"))[::20]:
        with Clip.open(path) as clip:
            timed = list(clip.frames(WIDTH, HEIGHT))[:120]
        times = np.array([time for time, _ in timed])
        frames = np.stack([frame for _, frame in timed])
        own = MotionFrontEnd(GRID).extract_frames(timed)
        features = FEATURES(tf.constant(frames), tf.constant(times)).numpy()
        assert np.abs(features - own).mean() < 2e-3
