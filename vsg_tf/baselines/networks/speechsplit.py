"""SpeechSplit's generator, as conversion of sounds."""

import keras
from keras import ops

from vsg_tf.baselines.networks.pitch import pitch_contour, quantise_pitch
from vsg_tf.baselines.networks.sound_embedding import SoundEmbedding
from vsg_tf.baselines.networks.speechsplit_encoders import (
    ContentPitchEncoder,
    RhythmEncoder,
    build_resampling,
)
from vsg_tf.config import Config
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.recurrent_stack import recurrent_stack


@keras.saving.register_keras_serializable(package="vsg_tf")
class SpeechSplitGenerator(ConfiguredModel):
    """One sound in the timbre of another: SpeechSplit, "Unsupervised speech decomposition via
    triple information bottleneck" (arXiv 2004.11284), in the sizes of its published code.

    Content, rhythm and pitch of the sound to convert go through three narrow encoders; the decoder
    rebuilds its mel from them and from what tells whose sound it is. Speaker labels are replaced by
    `SoundEmbedding` of a reference. [R] Pitch is read from the mel (`networks.pitch`). [R] Where
    random resampling leaves too few frames the sequence is repeated instead of padded with silence.

    It has the parts of `models.generator.Generator`, so that all of inference runs it as it is; in
    place of visual features it is given the mel to convert, some of its frames side by side.

    Call arguments:
        inputs: dict of `mel` `[B, T, M]`, the sound to convert, and `reference_mel` `[B, Tr, M]`.
        training: whether random resampling acts.

    Returns:
        Dict of `mel` `[B, T, M]` float32.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        settings = config.model
        policy = {"dtype": self.dtype_policy}
        self.interval = settings.code_interval
        self.pitch_bins = settings.pitch_bins
        self.sound_embedding = SoundEmbedding(config, name="sound_embedding", **policy)
        self.content_pitch_encoder = ContentPitchEncoder(
            config, name="content_pitch_encoder", **policy
        )
        self.rhythm_encoder = RhythmEncoder(config, name="rhythm_encoder", **policy)
        self.resampling = (
            build_resampling(config, 0, "resampling") if settings.resampling.on_input else None
        )
        self.decoder_lstms = recurrent_stack(
            settings.decoder_lstm_layers, settings.decoder_units, name="decoder_lstm"
        )
        self.decoder_output = keras.layers.Dense(
            config.audio.n_mels, dtype="float32", name="decoder_output"
        )

    def encode_reference(self, reference_mel, training=False):
        """Mel `[B, Tr, M]` to a dict of `timbre` `[B, embedding_size]`."""
        return {"timbre": self.sound_embedding(reference_mel, training=training)}

    def convert(self, mel, reference, training=False):
        """Mel `[B, T, M]` with another timbre, float32, not clipped.

        Args:
            mel: `[B, T, M]` in 0..1, the sound to convert.
            reference: dict from `encode_reference`.
            training: whether random resampling acts.
        """
        frames = ops.shape(mel)[1]
        # Codes stand for whole stretches of frames: silence fills up the last one.
        missing = (-frames) % self.interval
        mel = ops.pad(mel, [[0, 0], [0, missing], [0, 0]])
        contour, voicing = pitch_contour(mel)
        streams = [ops.cast(mel, "float32"), contour, voicing]
        if self.resampling is not None:
            streams = self.resampling(streams, training=training)
        heard, contour, voicing = streams
        pitch = quantise_pitch(contour, voicing, self.pitch_bins)
        streams = {"mel": heard, "pitch": pitch}
        content, pitch = self.content_pitch_encoder(streams, training=training)
        rhythm = self.rhythm_encoder(mel, training=training)
        timbre = ops.repeat(reference["timbre"][:, None], ops.shape(mel)[1], axis=1)
        x = ops.concatenate([content, rhythm, pitch, timbre], axis=-1)
        for layer in self.decoder_lstms:
            x = layer(x)
        return self.decoder_output(x)[:, :frames]

    def encode_video(self, features, training=False):
        """The mel to convert `[B, T, n * M]`, n frames side by side, as it is."""
        return features

    def encode_background(self, background_mel, training=False):
        """What `Generator` gives; `decode` does not hear it."""
        return background_mel

    def decode(self, temporal, reference, background, training=False):
        """Mel to convert `[B, T, n * M]` to the mel `[B, n * T, M]`; see `convert`."""
        batch = ops.shape(temporal)[0]
        mel = ops.reshape(temporal, (batch, -1, self.config.audio.n_mels))
        return self.convert(mel, reference, training=training)

    def call(self, inputs, training=False):
        reference = self.encode_reference(inputs["reference_mel"], training=training)
        return {"mel": self.convert(inputs["mel"], reference, training=training)}
