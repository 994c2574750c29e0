"""The frames of a mel in which its events are."""

import keras
from keras import ops

from vsg_tf.layers.energy_masking import frame_energy


@keras.saving.register_keras_serializable(package="vsg_tf")
class LoudestFrames(keras.layers.Layer):
    """Keeps the loudest share of the frames, in their order: what energy masking takes away.

    Args:
        share: of the frames, above 0 and up to 1; at least one frame stays. Of frames that are
            equally loud the earlier ones stay.

    Call arguments:
        mel: `[B, T, M]`, level in 0..1.

    Returns:
        `[B, max(1, floor(share * T)), M]`.
    """

    def __init__(self, share: float = 0.5, **kwargs):
        super().__init__(**kwargs)
        self.share = share

    def call(self, mel):
        length = ops.shape(mel)[1]
        kept = ops.cast(ops.floor(ops.cast(length, "float32") * self.share + 1e-4), "int32")
        kept = ops.maximum(kept, 1)
        loudest = ops.argsort(-frame_energy(mel), axis=1)[:, :kept]
        return ops.take_along_axis(mel, ops.sort(loudest, axis=1)[:, :, None], axis=1)

    def compute_output_shape(self, input_shape):
        batch, length, bands = input_shape
        kept = None if length is None else max(1, int(length * self.share + 1e-4))
        return (batch, kept, bands)

    def get_config(self):
        return {**super().get_config(), "share": self.share}
