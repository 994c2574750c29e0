"""The trained networks as graphs, each traced once: for the Keras runtime and for exports."""

import tensorflow as tf

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.config import Config
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder


class NetworkGraphs:
    """The networks as functions of tensors; the batch is the first dimension everywhere.

    Args:
        config: of the model.
        generator: built, with trained weights.
    """

    def __init__(self, config: Config, generator: Generator):
        self.config = config
        self.generator = generator
        self.griffin_lim = GriffinLim(config.audio)
        self.features_spec = _spec(config.drive_width, "features")
        self.mel_spec = _spec(config.audio.n_mels, "mel")
        events = _spec(3, "drive")
        self.drive_spec = events if self.hears_events else _spec(config.drive_width, "drive")
        self.background_spec = _spec(config.audio.n_mels, "background")
        # Fixed signatures: every batch and length goes through one trace of each.
        self._event_logits = tf.function(
            self._event_logits_graph, autograph=False, input_signature=[self.features_spec]
        )
        self._encode_reference = tf.function(
            lambda mel: generator.encode_reference(mel, training=False),
            autograph=False,
            input_signature=[self.mel_spec],
        )
        self.code_specs = self._code_specs()
        self._decode = tf.function(
            self._decode_graph,
            autograph=False,
            input_signature=[
                self.drive_spec,
                self.code_specs,
                self.background_spec,
                tf.TensorSpec([], tf.int32),
            ],
        )

    @property
    def traces(self) -> int:
        """The largest number of graphs that one of the networks needed."""
        functions = (self._event_logits, self._encode_reference, self._decode)
        counts = [function.experimental_get_tracing_count() for function in functions]
        return max(*counts, self.griffin_lim.traces)

    @property
    def hears_events(self) -> bool:
        """Whether the decoder is driven by an event list instead of features."""
        return self.config.model.events.enabled

    def event_logits(self, features: tf.Tensor) -> tf.Tensor:
        """Features `[batch, T, F]` to logits of the event curves `[batch, T, 3]`."""
        return self._event_logits(features)

    def encode_reference(self, mel: tf.Tensor) -> dict[str, tf.Tensor]:
        """Mel `[batch, Tr, M]` to the acoustic code: `timbre`, `tokens` and `mel`."""
        return self._encode_reference(mel)

    def decode(
        self, drive: tf.Tensor, code: dict, background: tf.Tensor, frames: tf.Tensor
    ) -> tf.Tensor:
        """Mel `[batch, frames * mel_per_feature, M]` in 0..1; arguments as `Networks.decode`."""
        return self._decode(drive, code, background, frames)

    def _event_logits_graph(self, features):
        code = self.generator.encode_video(features, training=False)
        return self.generator.event_logits(code)

    def _decode_graph(self, drive, code, background, frames):
        generator = self.generator
        if self.hears_events:
            temporal = generator.render_events(drive, frames, training=False)
        else:
            temporal = generator.encode_video(drive, training=False)
        noise = generator.encode_background(background, training=False)
        mel = generator.decode(temporal, code, noise, training=False)
        return tf.clip_by_value(tf.cast(mel, tf.float32), 0.0, 1.0)

    def _code_specs(self) -> dict[str, tf.TensorSpec]:
        """Names, types and shapes of the acoustic code's tensors."""
        outputs = self._encode_reference.get_concrete_function().structured_outputs
        return {
            name: tf.TensorSpec(
                [None] * (len(value.shape) - 1) + [value.shape[-1]], value.dtype, name
            )
            for name, value in outputs.items()
        }


class VocoderGraph:
    """A vocoder, traced once: mels `[batch, frames, M]` to `[batch, frames * hop_length]`.

    Args:
        vocoder: built, with trained weights.
    """

    def __init__(self, vocoder: Vocoder):
        self.vocoder = vocoder
        self._call = tf.function(
            lambda mel: vocoder(mel, training=False),
            autograph=False,
            input_signature=[_spec(vocoder.config.audio.n_mels, "mel")],
        )

    def __call__(self, mel: tf.Tensor) -> tf.Tensor:
        return self._call(mel)


def _spec(width: int, name: str) -> tf.TensorSpec:
    return tf.TensorSpec([None, None, width], tf.float32, name)
