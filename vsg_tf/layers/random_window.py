"""A window out of a sequence."""

import keras
from keras import ops

from vsg_tf.layers.interpolation import gather_time
from vsg_tf.layers.replica import ReplicaSeedGenerator


@keras.saving.register_keras_serializable(package="vsg_tf")
class RandomWindow(keras.layers.Layer):
    """Cuts one window out of each example: a random one while training, else the middle one.

    Args:
        length: frames of the window; a shorter input is continued with zeros.
        seed: seed of the random numbers; None draws one.

    Call arguments:
        inputs: `[B, T, C]`.
        training: whether the window is random.

    Returns:
        `[B, length, C]`.
    """

    def __init__(self, length: int, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.length = length
        self.seed = seed
        self.seed_generator = ReplicaSeedGenerator(seed)

    def call(self, inputs, training=False):
        batch, total = ops.shape(inputs)[0], ops.shape(inputs)[1]
        room = ops.cast(ops.maximum(total - self.length, 0), "float32")
        if training:
            place = keras.random.uniform((batch, 1), seed=self.seed_generator)
        else:
            place = ops.full((batch, 1), 0.5)
        # A uniform draw may round up to 1, which would reach one frame too far.
        start = ops.minimum(ops.floor(place * (room + 1.0)), room)
        frames = ops.cast(start, "int32") + ops.arange(self.length, dtype="int32")[None]
        inside = ops.cast(frames < total, inputs.dtype)[:, :, None]
        return gather_time(inputs, ops.minimum(frames, total - 1)) * inside

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.length, input_shape[2])

    def get_config(self):
        return {**super().get_config(), "length": self.length, "seed": self.seed}
