"""ONNX files of front ends on ONNX Runtime, and how many threads they may use."""

import os
from typing import Any

from vsg_tf.extras import require


def worker_threads() -> int:
    """One in a worker process, which is told so by its environment; else as many as cores."""
    return int(os.environ.get("OMP_NUM_THREADS") or 0) or os.cpu_count() or 1


def open_session(content: bytes) -> Any:
    """A session of ONNX Runtime on the CPU.

    Args:
        content: of an ONNX file.

    Raises:
        Exception: it is no ONNX file, in whatever words the runtime has.
        MissingExtraError: ONNX Runtime is not installed.
    """
    runtime = require("onnxruntime", extra="features")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = worker_threads()
    # Threads that wait awake save nothing here, and starve whatever else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # what goes wrong is told by the exception
    return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
