"""The runtimes by name, importable without any of them."""

from enum import Enum


class Runtime(str, Enum):
    """What runs the networks."""

    AUTO = "auto"
    ONNX = "onnx"
    TENSORFLOW = "tensorflow"
