"""How differently a discriminator sees two signals."""

from keras import ops


def feature_matching_loss(real: list, fake: list):
    """Mean difference of hidden features (arXiv 1910.06711), relative to the real ones' size.

    Relative, because the features of no layer should count more for being larger.

    Args:
        real: features of real examples, one tensor `[B, ...]` a layer; no gradient is taken.
        fake: features of generated examples, in the same order.

    Returns:
        float32 `[B]`, a mean over the layers.
    """
    total = 0.0
    for wanted, made in zip(real, fake, strict=True):
        true = ops.stop_gradient(ops.cast(wanted, "float32"))
        axes = tuple(range(1, len(true.shape)))
        distance = ops.mean(ops.abs(true - ops.cast(made, "float32")), axis=axes)
        total = total + distance / (ops.mean(ops.abs(true)) + 1e-6)
    return total / len(real)
