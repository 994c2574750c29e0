"""VarietySound: timbre-controllable video-to-sound generation in TensorFlow and Keras."""

from typing import TYPE_CHECKING

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
