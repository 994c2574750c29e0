"""BN-Inception in Keras and in ONNX against a second implementation in PyTorch."""

import numpy as np
import pytest

from vsg_tf.frontends.regnet import inception
from vsg_tf.frontends.regnet.network import load_network
from vsg_tf.frontends.regnet.weights import ARRAYS_FILE, FOLDER, load_arrays

torch = pytest.importorskip("torch")

SHAPES = {
    "3a": (256, 28, 28),
    "3b": (320, 28, 28),
    "3c": (576, 14, 14),
    "4a": (576, 14, 14),
    "4b": (576, 14, 14),
    "4c": (608, 14, 14),
    "4d": (608, 14, 14),
    "4e": (1056, 7, 7),
    "5a": (1024, 7, 7),
    "5b": (1024, 7, 7),
}


@pytest.fixture(scope="module")
def inputs():
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (3, 14, 14, 5), np.uint8)
    values = coarse.repeat(16, 1).repeat(16, 2)
    return values[..., :3], values[..., 3:]


@pytest.fixture(scope="module")
def expected(torch_net, inputs):
    from tests.frontends.regnet.torch_twin import flow_twin

    pictures, flow = (torch.tensor(np.moveaxis(x, 3, 1).astype(np.float32)) for x in inputs)
    mean = torch.tensor([104.0, 117.0, 128.0])[:, None, None]
    with torch.no_grad():
        return torch_net(pictures - mean).numpy(), flow_twin(torch_net)(flow - 128.0).numpy()


def test_table():
    layers = list(inception.convolutions())
    assert len(layers) == len({layer.name for layer in layers}) == 69
    kernels = sum(n.inputs * n.filters * n.kernel**2 + n.filters for n in layers)
    assert kernels == 10_250_208
    assert sum(4 * layer.filters for layer in layers) == 40_064
    channels = inception.STEM[-1].filters
    for module in inception.MODULES:
        channels = module.outputs(channels)
        assert channels == SHAPES[module.name][0]


def test_twin_has_the_shapes_of_the_table(torch_net, expected):
    assert torch_net.shapes == SHAPES
    assert all(values.std() > 0.05 for values in expected)


@pytest.mark.parametrize("runtime", ["onnx", "tensorflow"])
def test_nets_equal_the_twin(runtime, weights, inputs, expected):
    network, digest = load_network(runtime, None)
    features = network(*inputs)
    assert features.shape == (3, 2048) and features.dtype == np.float32
    wanted = np.concatenate(expected, axis=1)
    assert np.abs(features - wanted).max() <= 1e-4 * np.abs(wanted).max()
    assert load_network("onnx", digest)[1] == digest


def test_keras_counts_its_weights(weights):
    from vsg_tf.frontends.regnet.keras_net import build_keras_net

    net = build_keras_net(load_arrays(weights / FOLDER / ARRAYS_FILE))
    assert net.count_params() == 10_250_208 + 40_064
    assert not net.trainable_variables
    flow = build_keras_net(None, flow=True)
    assert flow.count_params() == net.count_params() - 64 * 7 * 7
