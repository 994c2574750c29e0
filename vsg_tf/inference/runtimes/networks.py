"""The trained networks as inference sees them: arrays in, arrays out, whichever the runtime."""

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from vsg_tf.config import Config
from vsg_tf.inference.runtimes.onnx_interface import graph_file
from vsg_tf.model_folder import SEEING_KINDS


class Networks(Protocol):
    """What `Synthesizer` needs of a runtime; one example at a time, NumPy arrays throughout."""

    config: Config

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        """Features `[T, F]` to logits of the event curves `[T, 3]` (models with events alone)."""

    def encode_reference(self, mel: np.ndarray) -> Any:
        """Mel `[frames, M]` to the reference's code, to be given to `decode` as it is."""

    def decode(
        self, drive: np.ndarray, reference: Any, background: np.ndarray, frames: int
    ) -> np.ndarray:
        """Mel `[frames * mel_per_feature, M]` in 0..1.

        Args:
            drive: events `[K, 3]` for models with events, else features `[frames, F]`, or for a
                SpeechSplit model the mel to convert `[frames, mel_per_feature * M]`.
            reference: from `encode_reference`.
            background: mel `[any, M]` whose background is wanted.
            frames: feature frames.
        """

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        """Mel `[frames, M]` to `[frames * hop_length]` float32; the same for the same seed."""

    def vocoder(self) -> Callable[[np.ndarray], np.ndarray]:
        """The learnt way from a mel `[frames, M]` to `[frames * hop_length]` float32.

        Raises:
            InputError: this model has none, or its files cannot be used.
        """


def load_networks(path: str | os.PathLike, kinds: Collection[str] = SEEING_KINDS) -> Networks:
    """Load a model folder with the runtime that its files are for.

    Args:
        path: a model folder, an ONNX folder, or one of the `.onnx` files in it.
        kinds: values of `model.kind` that can be used; those that see a video if not told.

    Raises:
        InputError: the folder is missing, incomplete, damaged or of another kind.
        MissingExtraError: the runtime is not installed.
    """
    # Imported here, so that a runtime is needed only by the models that are made for it.
    path = Path(path)
    folder = path.parent if path.suffix == ".onnx" and path.is_file() else path
    if any((folder / graph_file(name)).is_file() for name in ("decode", "encode_reference")):
        from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks

        return OnnxNetworks(folder, kinds)
    from vsg_tf.extras import start_tensorflow

    start_tensorflow()
    from vsg_tf.inference.runtimes.keras_networks import KerasNetworks

    return KerasNetworks.load(folder, kinds)
