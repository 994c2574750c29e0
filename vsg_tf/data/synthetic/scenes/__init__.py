"""Drawn scenes in which something visibly happens at known times; one file a family."""

from vsg_tf.data.synthetic.scenes.render import FAMILIES, render_scene

__all__ = ["FAMILIES", "render_scene"]
