"""BN-Inception for pictures and for their flow as one ONNX file: the same weights, stored once."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from vsg_tf.extras import require
from vsg_tf.frontends.regnet import inception
from vsg_tf.frontends.regnet.inception import Convolution

OPSET = 18
_BATCH = "frames"


def write_onnx(weights: Mapping[str, np.ndarray], path: Path, metadata: Mapping[str, str]) -> None:
    """Write the two nets: uint8 pictures and flow in, features out.

    Inputs are `pictures` uint8 `[frames, 224, 224, 3]`, blue first, and `flow` uint8
    `[frames, 224, 224, 2]`, x and y; the output is `features` float32 `[frames, 2048]`.
    Normalisation is folded into the convolutions.

    Args:
        weights: arrays by their published names.
        path: to write.
        metadata: kept in the file.

    Raises:
        MissingExtraError: `onnx` is not installed.
    """
    onnx = require("onnx", extra="features")
    from onnx import TensorProto, helper

    builder = _OnnxBuilder(weights)
    size = inception.PICTURE_SIZE
    streams = []
    for name, mean in (("pictures", inception.RGB_MEAN), ("flow", inception.FLOW_MEAN)):
        x = builder.operation("Cast", [name], to=TensorProto.FLOAT)
        x = builder.operation("Sub", [x, builder.constant(f"{name}_mean", np.float32(mean))])
        x = builder.operation("Transpose", [x], perm=[0, 3, 1, 2])
        streams.append(builder.first_convolution(x, flow=name == "flow"))
    # What follows has the same weights for both, so both go through it as one batch.
    x = builder.operation("Concat", streams, axis=0)
    x = builder.operation("GlobalAveragePool", [inception.build(builder, x)])
    x = builder.operation("Flatten", [x], axis=1)
    halves = builder.operation("Split", [x], outputs=2, num_outputs=2, axis=0)
    builder.operation("Concat", halves, name="features", axis=1)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.UINT8, [_BATCH, size, size, channels])
        for name, channels in (("pictures", 3), ("flow", 2))
    ]
    width = 2 * inception.OUTPUT_WIDTH
    output = helper.make_tensor_value_info("features", TensorProto.FLOAT, [_BATCH, width])
    graph = helper.make_graph(builder.nodes, "bn_inception", inputs, [output], builder.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9  # of that opset's time, so that older runtimes read it
    helper.set_model_props(model, dict(metadata))
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


class _OnnxBuilder:
    """Collects nodes and constants; tensors are names."""

    def __init__(self, weights: Mapping[str, np.ndarray]):
        self._weights = weights
        self.nodes, self.constants = [], []

    def operation(
        self, kind: str, inputs: Sequence[str], *, outputs: int = 1, name: str = "", **attributes
    ):
        from onnx import helper

        stem = name or f"{kind.lower()}_{len(self.nodes)}"
        names = [stem] if outputs == 1 else [f"{stem}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=stem, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, name: str, values: np.ndarray) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def first_convolution(self, x: str, flow: bool) -> str:
        layer = inception.STEM[0]
        return self._convolve(x, layer, *_folded(self._weights, layer, flow), flow)

    def convolution(self, x: str, layer: Convolution) -> str:
        return self._convolve(x, layer, *_folded(self._weights, layer), False)

    def _convolve(self, x, layer: Convolution, kernel, bias, flow: bool) -> str:
        name = layer.name + ("_flow" if flow else "")
        inputs = [
            x,
            self.constant(f"{name}.weight", kernel),
            self.constant(f"{name}.bias", bias),
        ]
        x = self.operation(
            "Conv", inputs, strides=[layer.stride] * 2, pads=[layer.padding] * 4, name=name
        )
        return self.operation("Relu", [x])

    def pool(self, x: str, kind: str, stride: int) -> str:
        shape = {"kernel_shape": [3, 3], "strides": [stride] * 2}
        if kind == "average":
            return self.operation("AveragePool", [x], pads=[1] * 4, count_include_pad=1, **shape)
        return self.operation(
            "MaxPool", [x], pads=[1] * 4 if stride == 1 else [0, 0, 1, 1], **shape
        )

    def concatenate(self, parts: Sequence[str]) -> str:
        return self.operation("Concat", parts, axis=1)


def _folded(
    weights: Mapping[str, np.ndarray], layer: Convolution, flow: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Kernel and bias that do the normalisation, too."""
    scale, shift, mean, variance = (
        weights[f"{layer.name}_bn.{name}"].astype(np.float64) for name in inception.NORMALISATION
    )
    kernel = weights[f"{layer.name}.weight"].astype(np.float64)
    kernel = flow_kernel(kernel) if flow else kernel
    gain = scale / np.sqrt(variance + inception.EPSILON)
    bias = (weights[f"{layer.name}.bias"].astype(np.float64) - mean) * gain + shift
    return (kernel * gain[:, None, None, None]).astype(np.float32), bias.astype(np.float32)


def flow_kernel(kernel: np.ndarray) -> np.ndarray:
    """The first kernel for x and y: the mean over the colours, twice."""
    return np.repeat(kernel.mean(axis=1, keepdims=True), 2, axis=1)
