"""Video features and a reference's mel to the mel of a sound that fits both."""

import keras
from keras import ops

from vsg_tf.config import Config
from vsg_tf.layers import EventRendering
from vsg_tf.models.acoustic_encoder import AcousticEncoder
from vsg_tf.models.background_encoder import BackgroundEncoder
from vsg_tf.models.configured_model import ConfiguredModel
from vsg_tf.models.mel_decoder import MelDecoder
from vsg_tf.models.temporal_encoder import TemporalEncoder


@keras.saving.register_keras_serializable(package="vsg_tf")
class Generator(ConfiguredModel):
    """VarietySound's generator (arXiv 2211.10666): three encoders and a decoder.

    With `model.events.enabled` the decoder hears curves drawn from a list of events instead of the
    temporal code, and the code is trained to predict such curves.

    Call arguments:
        inputs: dict of `features` `[B, T, F]`, `reference_mel` `[B, Tr, M]`, `background_mel`
            `[B, Tb, M]` (not masked; zeros are silence) and, with events, `events` `[B, K, 3]`.
        training: whether resampling, dropout and event disturbance act.

    Returns:
        Dict of `mel` `[B, T * mel_per_feature, M]` float32 and, with events, `event_logits`
        `[B, T, 3]` float32, whose sigmoid is envelope, onset and strength.
    """

    def __init__(self, config: Config, **kwargs):
        super().__init__(config, **kwargs)
        policy = {"dtype": self.dtype_policy}
        self.temporal_encoder = TemporalEncoder(config, name="temporal_encoder", **policy)
        self.acoustic_encoder = AcousticEncoder(config, name="acoustic_encoder", **policy)
        self.background_encoder = BackgroundEncoder(config, name="background_encoder", **policy)
        self.mel_decoder = MelDecoder(config, name="mel_decoder", **policy)
        self.event_head = None
        self.event_rendering = None
        if config.model.events.enabled:
            self.event_head = keras.layers.Dense(3, dtype="float32", name="event_head")
            self.event_rendering = self._event_rendering(config)

    @staticmethod
    def _event_rendering(config):
        first, second = config.timebase.feature_times(2)
        events = config.model.events
        return EventRendering(
            frame_period=float(second - first),
            first_frame=float(first),
            onset_width=events.onset_width,
            jitter=events.jitter,
            strength_noise=events.strength_noise,
            drop=events.drop,
            seed=config.training.seed,
            dtype="float32",
            name="event_rendering",
        )

    def encode_video(self, features, training=False):
        """Features `[B, T, F]` to the temporal code `[B, T, code_size]`."""
        return self.temporal_encoder(features, training=training)

    def event_logits(self, code):
        """Temporal code `[B, T, code_size]` to logits of the event curves `[B, T, 3]` float32."""
        return self.event_head(code)

    def render_events(self, events, frames, training=False):
        """Events `[B, K, 3]` to curves `[B, frames, 3]` float32: envelope, onset, strength."""
        return self.event_rendering(events, frames=frames, training=training)

    def encode_reference(self, reference_mel, training=False):
        """Mel `[B, Tr, M]` to `timbre` `[B, D]`, `tokens` `[B, Tr, C]` and their `mel`."""
        return self.acoustic_encoder(reference_mel, training=training)

    def encode_background(self, background_mel, training=False):
        """Mel `[B, Tb, M]`, not masked, to the background code `[B, N, E]`."""
        return self.background_encoder(background_mel, training=training)

    def decode(self, temporal, reference, background, training=False):
        """Fuses codes.

        Args:
            temporal: temporal code `[B, T, code_size]`, or with events the curves `[B, T, 3]`.
            reference: dict from `encode_reference`.
            background: code from `encode_background`.
            training: whether dropout acts.

        Returns:
            Mel `[B, T * mel_per_feature, M]` float32, not clipped.
        """
        inputs = {"temporal": temporal, "background": background, **reference}
        return self.mel_decoder(inputs, training=training)

    def call(self, inputs, training=False):
        code = self.encode_video(inputs["features"], training=training)
        outputs = {}
        temporal = code
        if self.event_rendering is not None:
            outputs["event_logits"] = self.event_logits(code)
            temporal = self.render_events(inputs["events"], ops.shape(code)[1], training=training)
        reference = self.encode_reference(inputs["reference_mel"], training=training)
        background = self.encode_background(inputs["background_mel"], training=training)
        outputs["mel"] = self.decode(temporal, reference, background, training=training)
        return outputs
