"""Random resampling R: destroys timing, keeps timbre."""

import keras
from keras import ops

from vsg_tf.layers.interpolation import interpolate_time
from vsg_tf.layers.replica import ReplicaSeedGenerator


@keras.saving.register_keras_serializable(package="vsg_tf")
class RandomResampling(keras.layers.Layer):
    """Cuts a sequence into segments, stretches each, and puts them in random order.

    VarietySound (arXiv 2211.10666) names the three steps; segment lengths and stretch factors are
    those of SpeechSplit (arXiv 2004.11284). Where the result is too short it is repeated. Every
    example of a batch, and every replica of a distributed run, gets its own segmentation. Active
    only while training; otherwise the input is returned.

    Args:
        min_segment: shortest segment in frames.
        max_segment: longest segment in frames.
        min_stretch: least factor on a segment's length.
        max_stretch: greatest factor on a segment's length.
        shuffle: whether the order of the segments is drawn, too; SpeechSplit keeps it.
        seed: seed of the random numbers; None draws one.

    Call arguments:
        inputs: one tensor `[B, T, C]`, or a list of them with equal B and T, which then share one
            segmentation.
        training: whether to resample.

    Returns:
        The same structure and shapes as `inputs`.
    """

    def __init__(
        self,
        min_segment: int = 19,
        max_segment: int = 32,
        min_stretch: float = 0.5,
        max_stretch: float = 1.5,
        shuffle: bool = True,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.min_segment = min_segment
        self.max_segment = max_segment
        self.min_stretch = min_stretch
        self.max_stretch = max_stretch
        self.shuffle = shuffle
        self.seed = seed
        self.seed_generator = ReplicaSeedGenerator(seed)

    def draw(self, batch, length):
        """Draws one segmentation.

        Args:
            batch: number of examples.
            length: frames T; may be a tensor.

        Returns:
            float32 `[batch, length]`: the fractional input frame that each output frame reads.
        """
        seed = self.seed_generator
        segments = -(-length // self.min_segment)  # enough to cover the input even if all are short
        shape = (batch, segments)
        size = keras.random.randint(shape, self.min_segment, self.max_segment + 1, seed=seed)
        start = ops.cumsum(size, axis=1) - size
        size = ops.clip(
            length - start, 0, size
        )  # the last one is cut, those past the end are empty
        stretch = keras.random.uniform(shape, self.min_stretch, self.max_stretch, seed=seed)
        if self.shuffle:
            order = ops.argsort(keras.random.uniform(shape, seed=seed), axis=1)
            start, size, stretch = (
                ops.take_along_axis(values, order, axis=1) for values in (start, size, stretch)
            )
        stretched = ops.cast(ops.floor(ops.cast(size, "float32") * stretch), "int32")
        stretched = ops.maximum(stretched, ops.minimum(size, 1))
        end = ops.cumsum(stretched, axis=1)
        segment, frame = self._locate(end, batch, segments, length)

        def of_segment(values):
            return ops.take_along_axis(values, segment, axis=1)

        within = ops.cast(frame - of_segment(end - stretched), "float32") / of_segment(stretch)
        last = ops.cast(of_segment(size) - 1, "float32")
        return ops.cast(of_segment(start), "float32") + ops.minimum(within, last)

    def _locate(self, end, batch, segments, length):
        """Which segment each output frame lies in, and its frame in the repeated sequence."""
        total = end[:, -1:]
        frame = ops.arange(length, dtype="int32")[None, :] % total
        # One binary search for the whole batch: each example's ends are lifted above the last's.
        lift = ops.arange(batch, dtype="int32")[:, None] * (ops.max(total) + 1)
        found = ops.searchsorted(
            ops.reshape(end + lift, (-1,)), ops.reshape(frame + lift, (-1,)), side="right"
        )
        found = ops.reshape(ops.cast(found, "int32"), (batch, length))
        return found - ops.arange(batch, dtype="int32")[:, None] * segments, frame

    def apply(self, x, positions):
        """Reads `x` `[B, T, C]` at `positions` `[B, T]` from `draw`."""
        return ops.reshape(interpolate_time(x, positions), ops.shape(x))

    def call(self, inputs, training=False):
        if not training:
            return inputs
        if not isinstance(inputs, list | tuple):
            shape = ops.shape(inputs)
            return self.apply(inputs, self.draw(shape[0], shape[1]))
        shape = ops.shape(inputs[0])
        positions = self.draw(shape[0], shape[1])
        return [self.apply(x, positions) for x in inputs]

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "min_segment": self.min_segment,
            "max_segment": self.max_segment,
            "min_stretch": self.min_stretch,
            "max_stretch": self.max_stretch,
            "shuffle": self.shuffle,
            "seed": self.seed,
        }
