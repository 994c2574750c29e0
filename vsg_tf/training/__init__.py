"""Training: the adversarial step, the loop on tf.distribute, checkpoints and validation."""
