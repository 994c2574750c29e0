"""Validation scores, one value an example; NaN where an example has nothing to be scored."""

from keras import ops

LOUD_LEVEL = 0.25  # mean level of a mel frame from which it counts as loud, as in the loss


def _mean_over(values, mask, axes):
    # 0 / 0 is NaN on purpose: an example without loud frames must not count as perfect.
    return ops.sum(values * mask, axis=axes) / ops.sum(mask, axis=axes)


def loud_frames(mel):
    """Mask `[B, frames]` of float 0 or 1 for a mel `[B, frames, M]`."""
    return ops.cast(ops.mean(mel, axis=-1) > LOUD_LEVEL, "float32")


def mel_errors(mel, target):
    """Differences of mels `[B, frames, M]` in 0..1: mel_l1, mel_mse and loud_l1, each `[B]`."""
    difference = ops.abs(ops.cast(mel, "float32") - target)
    return {
        "mel_l1": ops.mean(difference, axis=(1, 2)),
        "mel_mse": ops.mean(ops.square(difference), axis=(1, 2)),
        "loud_l1": _mean_over(ops.mean(difference, axis=-1), loud_frames(target), 1),
    }


def correlation(first, second):
    """Pearson correlation along the last axis, -1..1; NaN where either is constant."""
    first = first - ops.mean(first, axis=-1, keepdims=True)
    second = second - ops.mean(second, axis=-1, keepdims=True)
    power = ops.sum(first * first, axis=-1) * ops.sum(second * second, axis=-1)
    return ops.sum(first * second, axis=-1) / ops.sqrt(power)


def curve_correlation(logits, curves):
    """How well event curves are predicted: envelope_r, onset_r, strength_r, each `[B]`.

    Args:
        logits: `[B, T, 3]`, before the sigmoid.
        curves: `[B, T, 3]` targets in 0..1.
    """
    predicted = ops.sigmoid(ops.cast(logits, "float32"))
    names = ("envelope_r", "onset_r", "strength_r")
    return {
        name: correlation(predicted[..., index], curves[..., index])
        for index, name in enumerate(names)
    }


def _spectrum(mel):
    """Mean over loud frames `[B, M]` without its level: what a sound is like, not how loud."""
    spectrum = _mean_over(mel, loud_frames(mel)[..., None], 1)
    return spectrum - ops.mean(spectrum, axis=-1, keepdims=True)


def reference_following(mel, reference, own):
    """Whether a sound made with a swapped reference is more like that than like its own, `[B]`.

    1 or 0; 0.5 is chance. NaN where the reference sounds as the clip itself does, as in a batch of
    one example.

    Args:
        mel: `[B, frames, M]` made with `reference`.
        reference: `[B, frames, M]` of another example.
        own: `[B, frames, M]`, the clip's own sound.
    """
    made = _spectrum(ops.cast(mel, "float32"))
    to_reference = ops.mean(ops.abs(made - _spectrum(reference)), axis=-1)
    to_own = ops.mean(ops.abs(made - _spectrum(own)), axis=-1)
    follows = ops.cast(to_reference < to_own, "float32")
    unknown = ops.isnan(to_reference + to_own) | (to_reference == to_own)
    return ops.where(unknown, float("nan"), follows)
