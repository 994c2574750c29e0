"""Least squares adversarial objective (arXiv 1611.04076) [R]."""

from keras import ops


def _distance(logits, wanted: float):
    """Mean squared distance of each example's logits to `wanted`, float32 `[B]`."""
    squared = ops.square(ops.cast(logits, "float32") - wanted)
    return ops.mean(squared, axis=tuple(range(1, len(squared.shape))))


def generator_loss(fake: list):
    """What the generator pays for being recognised.

    Args:
        fake: logits of generated examples, one tensor `[B, ...]` an opponent; the opponents count
            alike.

    Returns:
        float32 `[B]`.
    """
    return sum(_distance(logits, 1.0) for logits in fake) / len(fake)


def discriminator_loss(real: list, fake: list):
    """What a discriminator pays for its mistakes.

    Args:
        real: logits of real examples, one tensor `[B, ...]` an opponent.
        fake: logits of generated examples, in the same order.

    Returns:
        float32 `[B]`.
    """
    terms = [
        _distance(true, 1.0) + _distance(false, 0.0) for true, false in zip(real, fake, strict=True)
    ]
    return sum(terms) / len(terms)
