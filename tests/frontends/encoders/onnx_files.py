"""Tiny ONNX files: the mean of each colour, times a matrix."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

MATRIX = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)


def write_encoder(
    path: Path,
    shape=("N", 3, 8, 8),
    axes=(2, 3),
    kind=TensorProto.FLOAT,
    factor=1.0,
    output=("N", 5),
    more=(),
    axis_names="x",
) -> Path:
    """Means over `axes` of an input of this shape, times a matrix of 3 x 5.

    Args:
        path: to write.
        shape: of the input; texts are free lengths.
        axes: that the mean is taken over; colours are last then.
        kind: of the input's numbers.
        factor: of the result.
        output: its shape, as the file tells it.
        more: names of further outputs, equal to the first.
        axis_names: of the input.
    """
    constants = [
        numpy_helper.from_array(np.asarray(axes, np.int64), "axes"),
        numpy_helper.from_array(MATRIX * np.float32(factor), "matrix"),
    ]
    nodes = [
        helper.make_node("Cast", [axis_names], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["floats", "axes"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "matrix"], ["vectors"]),
        *(helper.make_node("Identity", ["vectors"], [name]) for name in more),
    ]
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info(axis_names, kind, shape)],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, output) for n in ("vectors", *more)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    path.write_bytes(model.SerializeToString())
    return path
