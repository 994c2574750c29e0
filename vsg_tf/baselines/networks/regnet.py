"""REGNET's generator."""

import keras
from keras import ops

from vsg_tf.baselines.networks.normalised import (
    batch_norm,
    convolution,
    initial_weights,
    upsampling,
)
from vsg_tf.config import Config
from vsg_tf.layers.replica import ReplicaSeedGenerator
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack

_FIRST_CORRECTION = 0.1  # deviation of what the postnet adds before training, on the mel's scale


@keras.saving.register_keras_serializable(package="vsg_tf")
class RegnetGenerator(ConfiguredModel):
    """Video to sound without a reference: REGNET, "Generating visually aligned sound from videos"
    (arXiv 2008.00820), in the sizes of its published code.

    Encoder: video features and a noise vector, equal in all frames, through convolutions with
    batch normalisation, ReLU and dropout, bidirectional LSTMs and a projection. Auxiliary encoder
    (the paper's audio forwarding regularizer): bidirectional LSTMs over the true mel, whose last
    state, narrow, tells what cannot be seen; at inference it hears silence. Decoder: two
    transposed and two plain convolutions; the postnet adds a correction.

    [R] The backward state of the last LSTM is the auxiliary code, as in its released models; the
    paper also samples states along time. [R] Without training the noise is its mean, 0, so that a
    clip gives one sound. [R] The postnet's correction begins small: at the scale that its last
    normalisation would give it, unlearning it takes thousands of steps. Weights that cannot matter
    are left out: offsets before a normalisation, the second of two LSTM biases, the unused
    direction of the last auxiliary LSTM.

    It has the parts of `models.generator.Generator`, so that all of inference runs it as it is;
    the auxiliary encoder takes the place of the background encoder, and no reference is heard.

    Call arguments:
        inputs: dict of `features` `[B, T, F]` and `background_mel` `[B, Tb, M]` for the auxiliary
            encoder (the true mel in training, zeros at inference).
        training: whether noise, dropout and batch statistics act.

    Returns:
        Dict of `mel` and `decoder_mel` (before the postnet), each `[B, 4 * T, M]` float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model
        self.noise_size = settings.noise_size
        self.seed_generator = ReplicaSeedGenerator(config.training.seed)
        filters = settings.encoder_filters
        self.encoder_convolutions = [
            convolution(filters, settings.encoder_kernel, f"encoder_conv_{i}", use_bias=False)
            for i in range(settings.encoder_layers)
        ]
        self.encoder_norms = [
            batch_norm(f"encoder_norm_{i}") for i in range(settings.encoder_layers)
        ]
        self.dropout = keras.layers.Dropout(settings.encoder_dropout, seed=config.training.seed)
        self.encoder_lstms = recurrent_stack(
            settings.lstm_layers, settings.lstm_units, name="encoder_lstm"
        )
        self.encoder_projection = keras.layers.Dense(
            2 * settings.lstm_units,
            kernel_initializer=initial_weights(),
            name="encoder_projection",
        )
        self.auxiliary_lstms = recurrent_stack(
            settings.auxiliary_lstm_layers - 1, settings.auxiliary_size, name="auxiliary_lstm"
        )
        self.auxiliary_last = keras.layers.LSTM(
            settings.auxiliary_size, go_backwards=True, name="auxiliary_last"
        )
        self.auxiliary_projection = keras.layers.Dense(
            settings.auxiliary_size,
            kernel_initializer=initial_weights(),
            name="auxiliary_projection",
        )
        self._make_decoder(config)

    def _make_decoder(self, config):
        settings, bands = config.model, config.audio.n_mels
        half = settings.decoder_filters // 2
        self.decoder_layers = [
            upsampling(half, "decoder_up_0", use_bias=False),
            batch_norm("decoder_norm_0"),
            keras.layers.ReLU(name="decoder_relu_0"),
            convolution(half, 5, "decoder_conv_0", use_bias=False),
            batch_norm("decoder_norm_1"),
            keras.layers.ReLU(name="decoder_relu_1"),
            upsampling(bands, "decoder_up_1", use_bias=False),
            batch_norm("decoder_norm_2"),
            keras.layers.ReLU(name="decoder_relu_2"),
        ]
        self.decoder_output = convolution(bands, 5, "decoder_output", dtype="float32")
        last = settings.postnet_layers - 1
        widths = [settings.postnet_filters] * last + [bands]
        self.postnet_convolutions = [
            convolution(width, settings.postnet_kernel, f"postnet_conv_{i}", use_bias=False)
            for i, width in enumerate(widths)
        ]
        scales = [1.0] * last + [_FIRST_CORRECTION]
        self.postnet_norms = [
            batch_norm(f"postnet_norm_{i}", scale) for i, scale in enumerate(scales)
        ]

    def encode_video(self, features, training=False):
        """Features `[B, T, F]` to the temporal code `[B, T, 2 * lstm_units]`."""
        x = ops.cast(features, self.compute_dtype)
        if self.noise_size:
            batch, frames = ops.shape(x)[0], ops.shape(x)[1]
            shape = (batch, 1, self.noise_size)
            noise = ops.zeros(shape, x.dtype)
            if training:
                noise = keras.random.normal(shape, dtype=x.dtype, seed=self.seed_generator)
            x = ops.concatenate([x, ops.repeat(noise, frames, axis=1)], axis=-1)
        for layer, norm in zip(self.encoder_convolutions, self.encoder_norms, strict=True):
            x = ops.relu(norm(layer(x), training=training))
            x = self.dropout(x, training=training)
        for layer in self.encoder_lstms:
            x = layer(x)
        return self.encoder_projection(x)

    def encode_reference(self, reference_mel, training=False):
        """The parts that `Generator` gives, from the mel as it is: `decode` hears none of them."""
        timbre = ops.mean(reference_mel, axis=1)
        return {"timbre": timbre, "tokens": reference_mel, "mel": reference_mel}

    def encode_background(self, background_mel, training=False):
        """Mel `[B, Tb, M]` to the auxiliary code `[B, 1, auxiliary_size]`."""
        x = background_mel
        for layer in self.auxiliary_lstms:
            x = layer(x)
        return self.auxiliary_projection(self.auxiliary_last(x))[:, None]

    def decode(self, temporal, reference, background, training=False):
        """Codes to the mel `[B, 4 * T, M]` float32, not clipped; arguments as `Generator`'s."""
        return self._refine(self._decode(temporal, background, training), training)

    def _decode(self, temporal, background, training):
        frames = ops.shape(temporal)[1]
        x = ops.concatenate([temporal, ops.repeat(background, frames, axis=1)], axis=-1)
        for layer in self.decoder_layers:
            x = layer(x, training=training) if "norm" in layer.name else layer(x)
        return self.decoder_output(x)

    def _refine(self, mel, training):
        x = mel
        for layer, norm in zip(self.postnet_convolutions, self.postnet_norms, strict=True):
            x = norm(layer(x), training=training)
            if norm is not self.postnet_norms[-1]:
                x = ops.tanh(x)
        return mel + ops.cast(x, "float32")

    def call(self, inputs, training=False):
        temporal = self.encode_video(inputs["features"], training=training)
        background = self.encode_background(inputs["background_mel"], training=training)
        mel = self._decode(temporal, background, training)
        return {"mel": self._refine(mel, training), "decoder_mel": mel}
