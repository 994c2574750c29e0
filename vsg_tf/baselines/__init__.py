"""The systems that VarietySound is compared with: networks of other papers, and simple means."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vsg_tf.baselines.loading import load_system
    from vsg_tf.baselines.system import System

__all__ = ["System", "load_system"]


def __getattr__(name: str):
    """Imported at their first use: model files need `baselines.networks`, systems model files."""
    if name == "load_system":
        from vsg_tf.baselines.loading import load_system

        return load_system
    if name == "System":
        from vsg_tf.baselines.system import System

        return System
    raise AttributeError(f"module 'vsg_tf.baselines' has no attribute {name!r}")
