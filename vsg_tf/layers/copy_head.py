"""Output by copying from the reference."""

import keras
from keras import ops

# Powers of a weight and of the mean weight of its run; together they square, and so sharpen.
_OWN_POWER, _RUN_POWER = 0.6, 1.4
_RUN = 4  # frames before and after
_FLOOR = 1e-5


def _run_mean(weights):
    """Mean of `[B, T, N]` along the diagonal, `_RUN` frames to both sides; outside counts 0."""
    frames, tokens = ops.shape(weights)[1], ops.shape(weights)[2]
    padded = ops.pad(weights, [[0, 0], [_RUN, _RUN], [_RUN, _RUN]])
    shifts = range(2 * _RUN + 1)
    return sum(padded[:, k : k + frames, k : k + tokens] for k in shifts) / len(shifts)


@keras.saving.register_keras_serializable(package="vsg_tf")
class CopyHead(keras.layers.Layer):
    """Mel as an attended copy of the reference's mel, scaled by a gate, plus a small residual.

    Beyond the paper: it keeps the reference's spectra sharp, where a regression blurs them. The
    level is in decibels, so the gate lowers a frame towards silence. Computed in float32.

    Attention alone averages over all frames of the reference that would do, which blurs. With
    `continuity`, frames are preferred whose neighbours are copied by the neighbours, so that runs
    of the reference stay whole: the weights are multiplied, repeatedly, by their own mean along
    the diagonal.

    Args:
        n_mels: mel bands.
        key_size: width of the space in which frames are compared.
        continuity: how often the preference for runs is applied; 0 is plain attention.
        inference_continuity: the same at inference; None: as in training. A trained head spreads
            its attention against the preference, because a mean is the safest guess; a listener
            rather hears one run.

    Call arguments:
        inputs: `[frames, tokens, reference_mel]`: `[B, T, C]`, and `[B, N, Ct]`, `[B, N, n_mels]`
            that line up in time.

    Returns:
        `[B, T, n_mels]` float32.
    """

    def __init__(
        self,
        n_mels: int,
        key_size: int = 64,
        continuity: int = 0,
        inference_continuity: int | None = None,
        **kwargs,
    ):
        kwargs["dtype"] = "float32"
        super().__init__(**kwargs)
        self.n_mels = n_mels
        self.key_size = key_size
        self.continuity = continuity
        self.inference_continuity = inference_continuity
        self.query = keras.layers.Dense(key_size, dtype="float32", name="query")
        # A bias of the keys would shift all scores of a frame alike, which softmax ignores.
        self.key = keras.layers.Dense(key_size, use_bias=False, dtype="float32", name="key")
        self.gate = keras.layers.Dense(
            1, activation="sigmoid", bias_initializer="ones", dtype="float32", name="gate"
        )
        self.residual = keras.layers.Dense(
            n_mels,
            # Near zero, so that learning starts from the copy.
            kernel_initializer=keras.initializers.VarianceScaling(1e-4),
            dtype="float32",
            name="residual",
        )

    def build(self, input_shape):
        frames, tokens, _ = (tuple(shape) for shape in input_shape)
        self.query.build(frames)
        self.key.build(tokens)
        self.gate.build(frames)
        self.residual.build(frames)
        self.built = True

    def attention(self, frames, tokens, training=False):
        """Weights `[B, T, N]` with which each frame reads the reference; they sum to 1 over N."""
        scores = ops.matmul(self.query(frames), ops.transpose(self.key(tokens), (0, 2, 1)))
        weights = ops.softmax(scores / self.key_size**0.5, axis=-1)
        sharpens = not training and self.inference_continuity is not None
        for _ in range(self.inference_continuity if sharpens else self.continuity):
            weights = weights**_OWN_POWER * (_run_mean(weights) + _FLOOR) ** _RUN_POWER
            weights = weights / ops.sum(weights, axis=-1, keepdims=True)
        return weights

    def call(self, inputs, training=False):
        frames, tokens, mel = inputs
        weights = self.attention(frames, tokens, training=training)
        copied = ops.matmul(weights, ops.cast(mel, "float32"))
        return copied * self.gate(frames) + self.residual(frames)

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], self.n_mels)

    def get_config(self):
        return {
            **super().get_config(),
            "n_mels": self.n_mels,
            "key_size": self.key_size,
            "continuity": self.continuity,
            "inference_continuity": self.inference_continuity,
        }
