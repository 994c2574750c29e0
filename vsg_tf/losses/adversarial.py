"""Adversarial objectives: least squares (arXiv 1611.04076) [R], and REGNET's cross-entropy."""

from keras import ops


def _distance(logits, wanted: float, kind: str):
    """Mean distance of each example's logits to what is `wanted`, 0 or 1; float32 `[B]`."""
    logits = ops.cast(logits, "float32")
    if kind == "least_squares":
        distance = ops.square(logits - wanted)
    else:  # of the sigmoid's logarithm, in a form that does not overflow
        distance = ops.softplus(-logits if wanted else logits)
    return ops.mean(distance, axis=tuple(range(1, len(distance.shape))))


def generator_loss(fake: list, kind: str = "least_squares"):
    """What the generator pays for being recognised.

    Args:
        fake: logits of generated examples, one tensor `[B, ...]` an opponent; the opponents count
            alike.
        kind: `least_squares`, or `cross_entropy` (the form that does not saturate).

    Returns:
        float32 `[B]`.
    """
    return sum(_distance(logits, 1.0, kind) for logits in fake) / len(fake)


def discriminator_loss(real: list, fake: list, kind: str = "least_squares"):
    """What a discriminator pays for its mistakes.

    Args:
        real: logits of real examples, one tensor `[B, ...]` an opponent.
        fake: logits of generated examples, in the same order.
        kind: `least_squares` or `cross_entropy`.

    Returns:
        float32 `[B]`.
    """
    terms = [
        _distance(true, 1.0, kind) + _distance(false, 0.0, kind)
        for true, false in zip(real, fake, strict=True)
    ]
    return sum(terms) / len(terms)
