"""How far a mel is from its target."""

from keras import ops

LOUD_LEVEL = 0.25  # mean level of the 0..1 mel above which a frame counts as loud


def mel_loss(target, predicted, kind: str = "mse", loud_frame_weight: float = 0.0):
    """Difference of mels, averaged over frames and bands.

    Args:
        target: `[B, T, M]`.
        predicted: `[B, T, M]`.
        kind: `mse`, `l1`, or `l1_mse` for their sum.
        loud_frame_weight: extra weight of frames whose mean target level exceeds `LOUD_LEVEL`;
            0 weighs all frames alike.

    Returns:
        float32 `[B]`, one value an example.
    """
    target, predicted = ops.cast(target, "float32"), ops.cast(predicted, "float32")
    difference = predicted - target
    terms = {
        "mse": lambda: ops.square(difference),
        "l1": lambda: ops.abs(difference),
        "l1_mse": lambda: ops.abs(difference) + ops.square(difference),
    }
    frames = ops.mean(terms[kind](), axis=-1)
    loud = ops.cast(ops.mean(target, axis=-1) > LOUD_LEVEL, "float32")
    return ops.mean(frames * (1.0 + loud_frame_weight * loud), axis=-1)
