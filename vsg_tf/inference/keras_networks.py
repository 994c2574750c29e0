"""The networks on Keras and TensorFlow."""

import os

import numpy as np
import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.inference.network_graphs import NetworkGraphs
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
        self._graphs = NetworkGraphs(config, generator)

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
        return self._graphs.traces

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        return self._graphs.event_logits(tf.constant(features[None])).numpy()[0]

    def encode_reference(self, mel: np.ndarray) -> dict[str, tf.Tensor]:
        return self._graphs.encode_reference(tf.constant(mel[None]))

    def decode(
        self,
        drive: np.ndarray,
        reference: dict[str, tf.Tensor],
        background: np.ndarray,
        frames: int,
    ) -> np.ndarray:
        values = self._graphs.decode(
            tf.constant(drive[None]),
            reference,
            tf.constant(background[None]),
            tf.constant(frames),
        )
        return values.numpy()[0]

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        return self._graphs.griffin_lim(mel[None], seed=seed).numpy()[0]
