import numpy as np

from tests.layer_cases import sequence
from vsg_tf.layers import SGAU, RandomResampling


def _convolve(x, layer):
    """'same' convolution of `[B, T, C]` with a Conv1D's weights, in plain NumPy."""
    kernel = np.asarray(layer.kernel)
    size, length = kernel.shape[0], x.shape[1]
    left = (size - 1) // 2
    padded = np.pad(x, [(0, 0), (left, size - 1 - left), (0, 0)])
    output = sum(padded[:, k : k + length] @ kernel[k] for k in range(size))
    return output + (np.asarray(layer.bias) if layer.use_bias else 0)


def _normalise(x, groups):
    batch, length, channels = x.shape
    grouped = x.reshape(batch, length, groups, channels // groups)
    mean = grouped.mean(axis=(1, 3), keepdims=True)
    deviation = np.sqrt(grouped.var(axis=(1, 3), keepdims=True) + 1e-5)
    return ((grouped - mean) / deviation).reshape(x.shape)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_equations_in_numpy():
    unit = SGAU(6, norm_groups=3)
    x, c = sequence(11, 4) + 1, sequence(11, 5, seed=1) * 3
    feature, skip = unit([x, c])
    gate = _normalise(_convolve(_convolve(x, unit.input_conv_1), unit.input_conv_2), 6)
    output_gate = _normalise(_convolve(c, unit.output_conv), 3)
    expected_skip = _normalise(_convolve(c, unit.skip_conv), 3)
    expected = np.tanh(expected_skip + gate) * _sigmoid(output_gate + gate)
    np.testing.assert_allclose(skip, expected_skip, atol=2e-5)
    np.testing.assert_allclose(feature, expected, atol=2e-5)
    kernels = [
        layer.kernel.shape[0]
        for layer in (unit.input_conv_1, unit.input_conv_2, unit.output_conv, unit.skip_conv)
    ]
    assert kernels == [5, 7, 3, 5]


def test_resampling_acts_on_both_outputs_alike_and_in_training_only():
    inputs = [sequence(60, 4), sequence(60, 4, seed=1)]
    plain = SGAU(4, norm_groups=2)
    shuffled = SGAU(4, norm_groups=2, resampling=RandomResampling(5, 9, seed=2))
    plain(inputs)
    shuffled(inputs)
    shuffled.set_weights([*plain.get_weights(), *shuffled.get_weights()[len(plain.weights) :]])
    for still, wanted in zip(shuffled(inputs), plain(inputs), strict=True):
        np.testing.assert_allclose(still, wanted, atol=1e-6)
    positions = RandomResampling(5, 9, seed=2).draw(2, 60)
    read = RandomResampling().apply
    for moved, wanted in zip(shuffled(inputs, training=True), plain(inputs), strict=True):
        np.testing.assert_allclose(moved, read(wanted, positions), atol=1e-5)
        assert not np.allclose(moved, wanted, atol=0.1)
