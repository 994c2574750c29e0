"""Stacks of pictures through any function to the feature grid."""

import numpy as np
import pytest

from vsg_tf.errors import InputError
from vsg_tf.frontends.encoders.extraction import _stacks, encode
from vsg_tf.timebase import TimeBase

GRID = TimeBase()


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_stacks_are_centred_and_repeat_the_ends(count, size):
    pictures = [np.full((2, 2), k) for k in range(count)]
    stacks = [stack[:, 0, 0].tolist() for stack in _stacks(pictures, size)]
    wanted = [
        [min(max(k + j, 0), count - 1) for j in range(-((size - 1) // 2), size // 2 + 1)]
        for k in range(count)
    ]
    assert stacks == wanted


def _encode(frames, encoder, duration=None, **changes):
    options = {"rate": 10.0, "stack": 1, "batch": 4, "pool": "none", "normalise": "none"}
    return encode(
        frames, encoder, GRID, duration, **{**options, "width": 2, "name": "x", **changes}
    )


def _frames(count=21):
    return [(k / 10, np.full((4, 4), k, np.uint8)) for k in range(count)]


def _means(stacks):
    level = stacks.reshape(len(stacks), -1).mean(1)
    return np.stack([level, -level], axis=1)


def test_features_lie_where_the_pictures_do():
    features = _encode(_frames(), _means, 2.1)
    assert features.shape == (GRID.feature_frames_for(2.1), 2) and features.dtype == np.float32
    times = GRID.feature_times(len(features))
    np.testing.assert_allclose(features[:, 0], np.minimum(times * 10, 20), atol=1e-4)
    np.testing.assert_allclose(_encode(_frames(), _means)[:40], features[:40])
    np.testing.assert_allclose(_encode(_frames(), _means, 2.1, batch=100), features)


def test_pooling_and_normalisation():
    def patches(stacks):
        return np.stack([_means(stacks), 3 * _means(stacks)], axis=1)

    one = _encode(_frames(), _means)
    np.testing.assert_allclose(_encode(_frames(), patches, pool="first"), one)
    np.testing.assert_allclose(_encode(_frames(), patches, pool="mean"), 2 * one, rtol=1e-6)
    even = _encode(_frames(200), _means, normalise="clip")
    np.testing.assert_allclose(even.mean(0), 0, atol=0.05)
    np.testing.assert_allclose(even.std(0), 1, atol=0.05)


@pytest.mark.parametrize(
    ("encoder", "sentence"),
    [
        (lambda s: np.zeros((len(s), 3)), r"gives \(4, 3\) for 4 inputs, but \(4, ..., 2\)"),
        (lambda s: np.zeros((1, 2)), r"gives \(1, 2\) for 4"),
        (lambda s: np.full((len(s), 2), np.nan), "NaN or infinity"),
        (lambda s: np.zeros((len(s), 7, 2)), "7 vectors for each input; set pool"),
    ],
)
def test_what_an_encoder_must_not_give(encoder, sentence):
    with pytest.raises(InputError, match=sentence):
        _encode(_frames(), encoder)


def test_one_picture_is_too_few():
    for count in (0, 1):
        with pytest.raises(InputError, match="fewer than two"):
            _encode(_frames(count), _means)
