"""The networks on Keras and TensorFlow."""

import os

import numpy as np
import tensorflow as tf

from vsg_tf.audio.griffin_lim import GriffinLim
from vsg_tf.config import Config
from vsg_tf.model_files import load_model_dir
from vsg_tf.models.generator import Generator


class KerasNetworks:
    """A generator with its weights; see `Networks` for the methods.

    Args:
        config: of the model.
        generator: built, with trained weights.
    """

    def __init__(self, config: Config, generator: Generator):
        self.config = config
        self.generator = generator
        self._griffin_lim = GriffinLim(config.audio)
        # Fixed signatures: every length goes through one trace of each.
        features = tf.TensorSpec([1, None, config.video.feature_width], tf.float32)
        mel = tf.TensorSpec([1, None, config.audio.n_mels], tf.float32)
        events = tf.TensorSpec([1, None, 3], tf.float32)
        self._event_logits = tf.function(self._event_logits_graph, input_signature=[features])
        self._encode_reference = tf.function(
            lambda mel: generator.encode_reference(mel, training=False), input_signature=[mel]
        )
        code = self._encode_reference.get_concrete_function().structured_outputs
        reference = tf.nest.map_structure(lambda t: tf.TensorSpec(t.shape, t.dtype), code)
        drive = events if config.model.events.enabled else features
        self._decode = tf.function(
            self._decode_graph,
            input_signature=[drive, reference, mel, tf.TensorSpec([], tf.int32)],
        )

    @classmethod
    def load(cls, path: str | os.PathLike) -> "KerasNetworks":
        """Load a model folder.

        Raises:
            InputError: the folder is missing, incomplete or damaged.
        """
        return cls(*load_model_dir(path))

    @property
    def traces(self) -> int:
        """The largest number of graphs that one of the networks needed."""
        functions = (self._event_logits, self._encode_reference, self._decode)
        counts = [function.experimental_get_tracing_count() for function in functions]
        return max(*counts, self._griffin_lim.traces)

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        return self._event_logits(tf.constant(features[None])).numpy()[0]

    def encode_reference(self, mel: np.ndarray) -> dict[str, tf.Tensor]:
        return self._encode_reference(tf.constant(mel[None]))

    def decode(
        self,
        drive: np.ndarray,
        reference: dict[str, tf.Tensor],
        background: np.ndarray,
        frames: int,
    ) -> np.ndarray:
        values = self._decode(
            tf.constant(drive[None]),
            reference,
            tf.constant(background[None]),
            tf.constant(frames),
        )
        return values.numpy()[0]

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        return self._griffin_lim(mel[None], seed=seed).numpy()[0]

    def _event_logits_graph(self, features):
        code = self.generator.encode_video(features, training=False)
        return self.generator.event_logits(code)

    def _decode_graph(self, drive, reference, background, frames):
        generator = self.generator
        if self.config.model.events.enabled:
            temporal = generator.render_events(drive, frames, training=False)
        else:
            temporal = generator.encode_video(drive, training=False)
        background = generator.encode_background(background, training=False)
        mel = generator.decode(temporal, reference, background, training=False)
        return tf.clip_by_value(tf.cast(mel, tf.float32), 0.0, 1.0)
