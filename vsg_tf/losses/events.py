"""How far predicted event curves are from the true ones."""

from keras import ops

# An envelope that varies less than this (1.5 of its 45 dB) holds no events to follow.
LEAST_DEVIATION = 1.5 / 45.0
ONSET_WEIGHT = 2.0  # onsets are rare


def correlation(a, b):
    """Pearson correlation over time of `[B, T]` and `[B, T]`: `[B]`; 0 where one is constant."""
    a = a - ops.mean(a, axis=1, keepdims=True)
    b = b - ops.mean(b, axis=1, keepdims=True)
    energy = ops.sum(ops.square(a), axis=1) * ops.sum(ops.square(b), axis=1)
    # The constant keeps the square root's gradient finite where a curve is flat.
    return ops.sum(a * b, axis=1) / ops.sqrt(energy + 1e-8)


def event_loss(logits, envelope, onset, strength):
    """Loss of the event head: correlations, because a picture does not tell absolute levels.

    Args:
        logits: `[B, T, 3]`: envelope, onset, strength before their sigmoid.
        envelope: true envelope `[B, T]`.
        onset: true onset curve `[B, T]`, 0..1.
        strength: true strength curve `[B, T]`.

    Returns:
        float32 `[B]`.
    """
    logits = ops.cast(logits, "float32")
    envelope, onset, strength = (ops.cast(x, "float32") for x in (envelope, onset, strength))
    curves = ops.sigmoid(logits)
    varies = ops.cast(ops.std(envelope, axis=1) > LEAST_DEVIATION, "float32")
    return (
        (1.0 - correlation(curves[..., 0], envelope)) * varies
        + _onset_cross_entropy(logits[..., 1], onset)
        + 0.5 * (1.0 - correlation(curves[..., 1], onset))
        + 0.5 * (1.0 - correlation(curves[..., 2], strength))
    )


def _onset_cross_entropy(logits, onset):
    positive = ONSET_WEIGHT * onset * ops.softplus(-logits)
    return ops.mean(positive + (1.0 - onset) * ops.softplus(logits), axis=1)
