"""The sub-commands of `vsg evaluate`; `vsg_tf.evaluate` composes them."""
