"""A pitch contour read from a mel, for SpeechSplit's pitch encoder.

[R] SpeechSplit tracks the voice's f0 in the waveform. Most sound effects have no f0, and in the
cascade there is no waveform yet, only REGNET's mel. What both have is a strongest band: its course
over time, without its mean height, which belongs to the timbre, is what is called pitch here.
"""

from keras import ops

_PROMINENCE = 0.1  # 10 dB by which a band must stand out of its frame's mean
_AUDIBLE = 0.2  # level of the strongest band below which a frame has no pitch
_LEAST_DEVIATION = 1.0  # mel bands; a steady pitch is not blown up to a moving one
_SPAN = 4.0  # standard deviations from the mean to the end of the scale, as in SpeechSplit


def pitch_contour(mel):
    """Course of the strongest band.

    Args:
        mel: `[B, T, M]` in 0..1.

    Returns:
        Contour `[B, T, 1]` in 0..1 (0.5 is the clip's mean) and voicing `[B, T, 1]`, 1 where one
        band stands out and 0 elsewhere; both float32.
    """
    mel = ops.cast(mel, "float32")
    bands = mel.shape[-1]
    # With a neighbour on either side; `argmax` has an operation that ONNX lacks.
    strongest = ops.top_k(mel[..., 1:-1], 1)[1][..., 0] + 1
    around = ops.one_hot(strongest[..., None] + ops.arange(-1, 2), bands, dtype="float32")
    before, peak, after = ops.unstack(ops.sum(around * mel[..., None, :], axis=-1), 3, axis=-1)
    bend = ops.minimum(before + after - 2.0 * peak, -1e-4)
    offset = ops.clip(0.5 * (before - after) / bend, -0.5, 0.5)
    position = ops.cast(strongest, "float32") + offset
    voiced = (peak > _AUDIBLE) & (peak - ops.mean(mel, axis=-1) > _PROMINENCE)
    voiced = ops.cast(voiced, "float32")
    count = ops.maximum(ops.sum(voiced, axis=1, keepdims=True), 1.0)
    mean = ops.sum(position * voiced, axis=1, keepdims=True) / count
    variance = ops.sum(ops.square(position - mean) * voiced, axis=1, keepdims=True) / count
    deviation = ops.maximum(ops.sqrt(variance), _LEAST_DEVIATION)
    contour = 0.5 + 0.5 * ops.clip((position - mean) / (_SPAN * deviation), -1.0, 1.0)
    return (contour * voiced)[..., None], voiced[..., None]


def quantise_pitch(contour, voicing, bins: int):
    """One class a frame: class 0 is without pitch, the others are equal steps of the contour.

    Args:
        contour: `[B, T, 1]` in 0..1.
        voicing: `[B, T, 1]`; from 0.5 on a frame has a pitch.
        bins: steps.

    Returns:
        `[B, T, bins + 1]` float32, one-hot.
    """
    step = ops.cast(ops.round(contour[..., 0] * (bins - 1)), "int32") + 1
    return ops.one_hot(ops.where(voicing[..., 0] >= 0.5, step, 0), bins + 1, dtype="float32")
