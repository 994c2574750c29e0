"""Energy masking: what remains of a mel without its events."""

import keras
from keras import ops

# One unit of the normalised mel is 100 dB, so power = 10 ** (10 * mel) up to a constant factor.
_BELS_PER_UNIT = 10.0


def frame_energy(mel):
    """Mean linear power of each frame of a mel `[B, T, M]` in 0..1: `[B, T]` float32."""
    level = ops.cast(mel, "float32")
    return ops.mean(ops.power(10.0, _BELS_PER_UNIT * level), axis=-1)


@keras.saving.register_keras_serializable(package="vsg_tf")
class EnergyMasking(keras.layers.Layer):
    """Sets frames to zero whose energy is above the clip's median frame energy.

    VarietySound (arXiv 2211.10666). The energy of a frame is its mean linear power over the mel
    bands [R], recovered from the level in 0..1; a mean of levels would call a frame quiet that
    holds one loud band. Frames equal to the median stay, so silence stays as it is.

    Call arguments:
        mel: `[B, T, M]`, level in 0..1.

    Returns:
        `[B, T, M]`.
    """

    def call(self, mel):
        energy = frame_energy(mel)
        ranked = ops.sort(energy, axis=1)
        length = ops.shape(mel)[1]
        middle = ops.stack([(length - 1) // 2, length // 2])
        median = ops.mean(ops.take(ranked, middle, axis=1), axis=1, keepdims=True)
        return mel * ops.cast(energy <= median, mel.dtype)[:, :, None]

    def compute_output_shape(self, input_shape):
        return input_shape
