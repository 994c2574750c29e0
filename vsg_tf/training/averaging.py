"""A running average of weights, which ships in place of the last step's."""

import keras
from keras import ops


def copy_weights(target: keras.Model, source: keras.Model) -> None:
    """Make the weights of two models of one architecture equal; call it before training."""
    for copied, weight in zip(target.weights, source.weights, strict=True):
        copied.assign(weight)


def update_average(target: keras.Model, source: keras.Model, decay: float, steps) -> None:
    """Move the weights of `target` towards those of `source`, inside the graph.

    The first steps average less, or the random start would linger: the decay at step n is
    min(decay, (1 + n) / (10 + n)), as in TensorFlow's ExponentialMovingAverage.

    Args:
        decay: share of the old average that stays, 0..1.
        steps: scalar, updates of `source` so far.
    """
    steps = ops.cast(steps, "float32")
    rate = 1.0 - ops.minimum(decay, (1.0 + steps) / (10.0 + steps))
    for average, weight in zip(target.weights, source.weights, strict=True):
        average.assign(average + ops.cast(rate, average.dtype) * (weight - average))
