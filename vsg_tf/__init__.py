"""VarietySound: timbre-controllable video-to-sound generation in TensorFlow and Keras."""

import os
from typing import TYPE_CHECKING

# ONNX Runtime from 1.31 on reports to its makers and keeps an identifier in the user's folder,
# unless this is set before it is imported. Nothing here tells anyone anything unasked.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

if TYPE_CHECKING:
    from vsg_tf.inference.synthesizer import Synthesizer

__version__ = "0.1.0"
__all__ = ["Synthesizer", "__version__"]


def __getattr__(name: str):
    """`vsg_tf.Synthesizer`, imported at its first use, so that `import vsg_tf` stays light."""
    if name == "Synthesizer":
        from vsg_tf.inference.synthesizer import Synthesizer

        return Synthesizer
    raise AttributeError(f"module 'vsg_tf' has no attribute {name!r}")
