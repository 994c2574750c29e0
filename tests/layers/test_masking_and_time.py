import numpy as np
import pytest

from tests.layer_cases import mel, sequence
from vsg_tf.layers import (
    EnergyMasking,
    LoudestFrames,
    RandomWindow,
    SinusoidalPositions,
    TimeResizing,
)


@pytest.mark.parametrize("length", [7, 12])
def test_masking_agrees_with_numpy(length):
    x = mel(length, 5, batch=3)
    energy = (10.0 ** (10.0 * x.astype("float64"))).mean(axis=-1)
    loud = energy > np.median(energy, axis=1, keepdims=True)
    assert np.array_equal(EnergyMasking()(x), np.where(loud[..., None], 0, x))
    assert loud.sum() == 3 * (length // 2)


def test_masking_keeps_the_quiet_half_of_each_example_apart():
    quiet_then_loud = np.full((1, 6, 4), 0.3, "float32")
    quiet_then_loud[:, 4:] = 0.8
    masked = np.asarray(EnergyMasking()(np.concatenate([quiet_then_loud, quiet_then_loud * 0.5])))
    assert np.all(masked[:, 4:] == 0)
    assert np.allclose(masked[0, :4], 0.3) and np.allclose(masked[1, :4], 0.15)


def test_one_loud_band_makes_a_frame_loud():
    x = np.full((1, 5, 4), 0.4, "float32")
    x[0, 2] = [0.9, 0.1, 0.1, 0.1]  # a lower mean level than its neighbours, a higher power
    masked = np.asarray(EnergyMasking()(x))
    assert np.all(masked[0, 2] == 0) and np.all(masked[0, [0, 1, 3, 4]] == np.float32(0.4))


def test_silence_stays_silent():
    assert not np.any(EnergyMasking()(np.zeros((1, 9, 4), "float32")))


def test_resizing_agrees_with_numpy_interpolation():
    x = sequence(9, 1, batch=1)
    wanted = np.interp((np.arange(21) + 0.5) * 9 / 21 - 0.5, np.arange(9), x[0, :, 0])
    np.testing.assert_allclose(TimeResizing()(x, length=21)[0, :, 0], wanted, atol=1e-5)
    assert np.array_equal(TimeResizing()(x, length=9), x)


def test_positions_agree_with_their_formula():
    added = np.asarray(SinusoidalPositions()(np.zeros((1, 30, 8), "float32")))[0]
    angles = np.arange(30)[:, None] / 10000 ** (np.arange(4) * 2 / 8)
    np.testing.assert_allclose(added[:, 0::2], np.sin(angles), atol=1e-5)
    np.testing.assert_allclose(added[:, 1::2], np.cos(angles), atol=1e-5)


def test_windows_are_random_in_training_and_central_otherwise():
    x = np.tile(np.arange(30, dtype="float32")[None, :, None], (64, 1, 1))
    layer = RandomWindow(10, seed=1)
    starts = np.asarray(layer(x, training=True))[:, 0, 0]
    assert starts.min() <= 2 and starts.max() >= 18 and starts.max() <= 20
    assert np.all(np.asarray(layer(x))[:, :, 0] == np.arange(10, 20))


def test_a_short_input_is_continued_with_zeros():
    window = np.asarray(RandomWindow(6)(np.ones((1, 4, 2), "float32"), training=True))
    assert np.array_equal(window[0, :, 0], [1, 1, 1, 1, 0, 0])


def test_the_loudest_frames_are_those_that_masking_takes_away():
    x = mel(12, 5, batch=3)
    kept = np.asarray(LoudestFrames(0.5)(x))
    masked = np.asarray(EnergyMasking()(x))
    for example, rest, loud in zip(x, masked, kept, strict=True):
        np.testing.assert_array_equal(example[~rest.any(axis=-1)], loud)  # in their order


@pytest.mark.parametrize(("length", "frames"), [(1, 1), (3, 1), (4, 1), (10, 3), (100, 30)])
def test_a_share_of_the_frames_stays_and_at_least_one(length, frames):
    assert LoudestFrames(0.3)(mel(length)).shape == (2, frames, 6)
