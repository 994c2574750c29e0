"""The systems that VarietySound is compared with: networks of other papers, and simple means."""

from vsg_tf.baselines.loading import load_system
from vsg_tf.baselines.system import System

__all__ = ["System", "load_system"]
