"""The networks on Keras and TensorFlow."""

import os
from collections.abc import Callable, Collection

import numpy as np
import tensorflow as tf

from vsg_tf.config import Config
from vsg_tf.errors import InputError
from vsg_tf.inference.runtimes.network_graphs import NetworkGraphs, VocoderGraph
from vsg_tf.model_files import load_fitting_vocoder, load_model_dir
from vsg_tf.model_folder import SEEING_KINDS
from vsg_tf.models.generator import Generator
from vsg_tf.models.vocoder import Vocoder


class KerasNetworks:
    """A generator with its weights; see `Networks` for the methods.

    Args:
        config: of the model.
        generator: built, with trained weights.
        load_vocoder: called when a vocoder is first asked for; None: there is none.
    """

    def __init__(
        self,
        config: Config,
        generator: Generator,
        load_vocoder: Callable[[], Vocoder] | None = None,
    ):
        self.config = config
        self.generator = generator
        self._graphs = NetworkGraphs(config, generator)
        self._load_vocoder = load_vocoder
        self._vocoder: VocoderGraph | None = None

    @classmethod
    def load(
        cls, path: str | os.PathLike, kinds: Collection[str] = SEEING_KINDS
    ) -> "KerasNetworks":
        """Load a model folder.

        Raises:
            InputError: the folder is missing, incomplete, damaged or of another kind.
        """
        config, generator = load_model_dir(path, kinds)
        # A vocoder takes a second to build, which other renderers need not wait for.
        return cls(config, generator, lambda: load_fitting_vocoder(path, config))

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

    def vocoder(self) -> Callable[[np.ndarray], np.ndarray]:
        if self._vocoder is None:
            if self._load_vocoder is None:
                raise InputError(f"The model {self.config.name!r} was given no vocoder.")
            self._vocoder = VocoderGraph(self._load_vocoder())
        return lambda mel: self._vocoder(tf.constant(mel[None])).numpy()[0]
