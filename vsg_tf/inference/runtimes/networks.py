"""The trained networks as inference sees them: arrays in, arrays out, whichever the runtime."""

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from vsg_tf.config import Config
from vsg_tf.errors import InputError, MissingExtraError
from vsg_tf.inference.runtimes.names import Runtime
from vsg_tf.inference.runtimes.onnx_interface import graph_file
from vsg_tf.model_folder import CONFIG_FILE, SEEING_KINDS, find_model


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


def load_networks(
    path: str | os.PathLike,
    kinds: Collection[str] = SEEING_KINDS,
    runtime: Runtime | str = Runtime.AUTO,
) -> Networks:
    """Load a model folder.

    Args:
        path: a model folder, the folder of a run that trained one, an ONNX folder, or one of the
            `.onnx` files in it.
        kinds: values of `model.kind` that can be used; those that see a video if not told.
        runtime: "onnx" runs the graphs of the folder, "tensorflow" its weights, "auto" the graphs
            where there are any and otherwise the weights.

    Raises:
        InputError: the folder is missing, incomplete, damaged or of another kind, its graphs are
            not for its config or weights, or it has no files for the runtime.
        MissingExtraError: it needs TensorFlow, which is not installed.
    """
    # Imported here, so that a runtime is needed only by the models that are made for it.
    path = Path(path)
    folder = find_model(path.parent if path.suffix == ".onnx" and path.is_file() else path)
    exported = any((folder / graph_file(name)).is_file() for name in ("decode", "encode_reference"))
    runtime = Runtime(runtime)
    if runtime is Runtime.ONNX and not exported:
        raise InputError(
            f"{folder} holds no ONNX graphs; write them with TensorFlow at hand: "
            f"vsg export --format onnx --beside --model {folder}."
        )
    if runtime is not Runtime.TENSORFLOW and exported:
        from vsg_tf.inference.runtimes.onnx_networks import OnnxNetworks

        return OnnxNetworks(folder, kinds)
    if not (folder / CONFIG_FILE).is_file():
        raise InputError(f"{folder} is not a model folder: it has no {CONFIG_FILE}.")
    from vsg_tf.extras import start_tensorflow

    try:
        start_tensorflow()
    except MissingExtraError as error:
        raise MissingExtraError(
            f"{folder} holds no ONNX graphs, and TensorFlow, which runs its weights, is not "
            "installed: export the graphs where it is (vsg export --format onnx --beside --model "
            f"{folder}), or install the extra tensorflow or tensorflow-cpu."
        ) from error
    from vsg_tf.inference.runtimes.keras_networks import KerasNetworks

    return KerasNetworks.load(folder, kinds)
