"""One version of a model in memory: a SavedModel's signatures on arrays."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import saved_model_pb2

from vsg_tf.errors import InputError
from vsg_tf.serving.protocol import PredictionLog, SignatureDef
from vsg_tf.serving.refusal import Refusal, invalid, overloaded
from vsg_tf.serving.tensors import decode

WARM_UP = Path("assets.extra") / "tf_serving_warmup_requests"
SCHEMA = 1  # of saved_model.pb


class LoadedModel:
    """A SavedModel that has been loaded and asked its warm-up questions.

    Args:
        folder: of one version; its name is the version's number.

    Raises:
        InputError: it is missing, damaged, of a newer format, or fails its own warm-up.
    """

    def __init__(self, folder: Path):
        self.version = int(folder.name)
        self.definitions = _read_definitions(folder)
        try:
            self._model = tf.saved_model.load(str(folder))
            self._functions = {name: self._model.signatures[name] for name in self.definitions}
        # Whatever is inside a damaged file, TensorFlow has an error of its own for it.
        except Exception as error:
            raise InputError(
                f"The SavedModel {folder} cannot be loaded ({_first_line(error)}); export it again."
            ) from error
        self.warm_up_requests = 0
        for request in _warm_up_requests(folder):
            self._warm_up(folder, request)

    def can_batch(self, signature: str) -> bool:
        """Whether requests may be computed together: every tensor has the batch in front."""
        definition = self.definitions[signature]
        tensors = [*definition.inputs.values(), *definition.outputs.values()]
        return bool(definition.inputs) and all(
            info.tensor_shape.dim and info.tensor_shape.dim[0].size == -1 for info in tensors
        )

    def run(self, signature: str, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Compute one signature.

        Args:
            signature: a key of `definitions`.
            inputs: arrays that fit it.

        Returns:
            Its outputs, strings as arrays of bytes objects.

        Raises:
            Refusal: the graph refuses these values, or memory does not suffice.
        """
        try:
            tensors = {name: tf.constant(value) for name, value in inputs.items()}
            outputs = self._functions[signature](**tensors)
            return {name: _array(value) for name, value in outputs.items()}
        except (tf.errors.InvalidArgumentError, tf.errors.OutOfRangeError) as error:
            raise invalid(_first_line(error)) from error
        except UnicodeDecodeError as error:  # TensorFlow's message quotes the bytes it was given
            raise invalid(_first_line(error.object.decode(errors="replace"))) from error
        except (tf.errors.ResourceExhaustedError, MemoryError) as error:
            raise overloaded("The request needs more memory than there is; send less.") from error

    def _warm_up(self, folder: Path, request: Any) -> None:
        try:
            inputs = {name: decode(proto) for name, proto in request.inputs.items()}
            self.run(request.model_spec.signature_name or "serving_default", inputs)
        except (Refusal, InputError, KeyError, TypeError, tf.errors.OpError) as error:
            raise InputError(
                f"The SavedModel {folder} fails on its own warm-up request "
                f"({_first_line(error)}); export it again."
            ) from error
        self.warm_up_requests += 1


def _array(tensor: tf.Tensor) -> np.ndarray:
    # NumPy's own byte strings would lose trailing zeros.
    return np.asarray(tensor.numpy(), dtype=object if tensor.dtype == tf.string else None)


def _first_line(error: Exception | str) -> str:
    """What TensorFlow says, without the names of nodes around it."""
    text = str(error).strip() or type(error).__name__
    asserted = re.search(r"assertion failed: \[(.+?)\]( \[|$|\n)", text)
    if asserted:  # a sentence that the graph itself has for this
        return asserted[1]
    text = text.removeprefix("Graph execution error:").strip()
    for raw in text.splitlines():
        message = raw.partition("[Op:")[0].partition("[[{{")[0]
        line = message.rpartition("}}")[2].strip(" :")
        if line and not line.startswith(("Detected at node", "<stack traces")):
            return "".join(char if char.isprintable() else "?" for char in line[:300])
    return type(error).__name__


def _read_definitions(folder: Path) -> dict[str, Any]:
    """`SignatureDef` by name."""
    path = folder / "saved_model.pb"
    try:
        saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
        graph = next(graph for graph in saved.meta_graphs if "serve" in graph.meta_info_def.tags)
    except OSError as error:
        raise InputError(f"Cannot read {path}; name a folder that holds a SavedModel.") from error
    except (DecodeError, StopIteration) as error:
        raise InputError(f"{path} is damaged or no SavedModel; export it again.") from error
    if saved.saved_model_schema_version > SCHEMA:
        raise InputError(f"{path} is of a newer format; update TensorFlow, or export it again.")
    return {
        name: SignatureDef.FromString(definition.SerializeToString())
        for name, definition in graph.signature_def.items()
        if not name.startswith("__saved_model")
    }


def _warm_up_requests(folder: Path) -> Iterator[Any]:
    path = folder / WARM_UP
    if not path.exists():
        return
    try:
        for record in tf.data.TFRecordDataset(str(path), buffer_size=1 << 18).as_numpy_iterator():
            yield PredictionLog.FromString(record).predict_log.request
    except (tf.errors.OpError, DecodeError) as error:
        raise InputError(f"{path} is damaged; export the model again.") from error
