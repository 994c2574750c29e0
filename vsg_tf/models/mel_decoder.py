"""The three codes, fused to a mel."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import CopyHead, FFTBlock, SinusoidalPositions, TimeResizing
from vsg_tf.models.configured_model import ConfiguredModel


@keras.saving.register_keras_serializable(package="vsg_tf")
class MelDecoder(ConfiguredModel):
    """Codes at the video rate to a mel: transposed convolutions, FFT blocks (arXiv 2211.10666).

    With `timbre_modulation`, beyond the paper, the timbre is heard by every block besides.

    The output is linear [R]: a sigmoid could never be silent, and its gradient fades there, where
    most frames are. Values outside 0..1 are for the caller to clip.

    Call arguments:
        inputs: dict of `temporal` `[B, T, A]`, `timbre` `[B, D]`, `background` `[B, Tb, E]`,
            with `reference_attention` `tokens` `[B, N, C]`, with `copy_head` `mel`
            `[B, N, n_mels]`.

    Returns:
        `[B, T * mel_per_feature, n_mels]` float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model.decoder
        self.attends = settings.reference_attention
        self.background_resizing = TimeResizing(name="background_resizing")
        self.upsampling = [
            keras.layers.Conv1DTranspose(
                settings.upsampling_filters,
                settings.upsampling_kernel,
                stride,
                padding="same",
                name=f"upsampling_{i}",
            )
            for i, stride in enumerate(settings.upsampling_strides)
        ]
        self.upsampling_norms = [
            keras.layers.LayerNormalization(epsilon=1e-5, name=f"upsampling_norm_{i}")
            for i in range(len(settings.upsampling_strides))
        ]
        self.projection = keras.layers.Dense(settings.hidden, name="projection")
        self.positions = None
        if settings.positions == "sinusoidal":
            self.positions = SinusoidalPositions(name="positions")
        self.blocks = [
            FFTBlock(
                settings.hidden,
                settings.heads,
                settings.conv_kernel,
                settings.conv_filters,
                settings.dropout,
                cross_attention=settings.reference_attention,
                name=f"block_{i}",
            )
            for i in range(settings.blocks)
        ]
        self.modulations = None
        if settings.timbre_modulation:
            # Zero at first, so that the blocks begin as they would without a timbre.
            self.modulations = [
                keras.layers.Dense(
                    2 * settings.hidden, kernel_initializer="zeros", name=f"modulation_{i}"
                )
                for i in range(settings.blocks + 1)
            ]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-5, name="norm")
        n_mels = config.audio.n_mels
        self.copy_head = None
        if settings.copy_head:
            self.copy_head = CopyHead(
                n_mels,
                continuity=settings.copy_continuity,
                inference_continuity=settings.copy_continuity_inference,
                name="copy_head",
            )
        self.output_layer = None
        if not settings.copy_head:
            self.output_layer = keras.layers.Dense(n_mels, dtype="float32", name="output")

    def call(self, inputs, training=False):
        x = self._fuse(inputs["temporal"], inputs["timbre"], inputs["background"])
        for layer, norm in zip(self.upsampling, self.upsampling_norms, strict=True):
            x = ops.relu(norm(layer(x)))
        x = self.projection(x)
        if self.positions is not None:
            x = self.positions(x)
        for i, block in enumerate(self.blocks):
            x = self._modulated(x, inputs["timbre"], i)
            x = block([x, inputs["tokens"]] if self.attends else x, training=training)
        x = self.norm(self._modulated(x, inputs["timbre"], len(self.blocks)))
        if self.copy_head is not None:
            return self.copy_head([x, inputs["tokens"], inputs["mel"]], training=training)
        return self.output_layer(x)

    def _modulated(self, x, timbre, place):
        """The hidden sequence, scaled and shifted by the timbre (arXiv 1709.07871) if wanted."""
        if self.modulations is None:
            return x
        scale, shift = ops.split(self.modulations[place](timbre)[:, None, :], 2, axis=-1)
        return x * (1.0 + scale) + shift

    def _fuse(self, temporal, timbre, background):
        """The three codes side by side at the video rate, `[B, T, A + D + E]`.

        Each is scaled as if it were as wide as the others [R]: the few channels that tell the
        timing would else be drowned by hundreds that do not change, and learning would stall.
        """
        frames = ops.shape(temporal)[1]
        background = self.background_resizing(background, length=frames)
        timbre = ops.repeat(timbre[:, None, :], frames, axis=1)
        codes = (temporal, timbre, background)
        mean_width = sum(code.shape[-1] for code in codes) / len(codes)
        scaled = [
            ops.cast(code, self.compute_dtype) * (mean_width / code.shape[-1]) ** 0.5
            for code in codes
        ]
        return ops.concatenate(scaled, axis=-1)
