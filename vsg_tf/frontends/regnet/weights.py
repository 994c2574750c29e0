"""The published weights of BN-Inception: from the authors' file to our own, and found again."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vsg_tf.containers import check_input
from vsg_tf.errors import InputError
from vsg_tf.frontends.regnet import inception
from vsg_tf.frontends.regnet.onnx_net import write_onnx
from vsg_tf.frontends.tensor_files import load_tensors
from vsg_tf.frontends.weights_folder import weights_folder
from vsg_tf.model_folder import new_model_folder

NETWORK_FILE, ARRAYS_FILE = "network.onnx", "weights.npz"
HASH_KEY = "weights_sha256"  # in the ONNX file's metadata
FOLDER = "bn_inception"
PUBLISHED = ("bn_inception-9f5701afb96c8044.pth", "bn_inception-52deb4733.pth")
_MISSING = (
    "The weights of BN-Inception are not installed: download {published} from the address that "
    "github.com/yjxiong/tsn-pytorch names in tf_model_zoo/bninception/pytorch_load.py, then run: "
    "vsg weights import {published}"
)
_NAMED_HASH = re.compile(r"-([0-9a-f]{8,64})\.pth$")


def network_file() -> Path:
    """The imported ONNX file of both nets.

    Raises:
        InputError: it is not there; the sentence says what to do.
    """
    return _installed(NETWORK_FILE)


def arrays_file() -> Path:
    """The imported arrays by their published names, an `.npz`; raises as `network_file`."""
    return _installed(ARRAYS_FILE)


def _installed(name: str) -> Path:
    path = weights_folder() / FOLDER / name
    if not path.is_file():
        raise InputError(_MISSING.format(published=PUBLISHED[0]))
    return path


def import_weights(path: str | Path, folder: Path | None = None) -> Path:
    """Bring a published file of weights into the form that this package reads.

    Args:
        path: a `.pth` whose name ends in the first digits of its SHA-256, as published.
        folder: where to; None: the user's folder of weights.

    Returns:
        The folder that was written, whole or not at all; weights that were there are replaced.

    Raises:
        InputError: the name tells no hash, the hash is another, the file holds anything but
            tensors, or tensors are missing or of a wrong shape.
        MissingExtraError: `onnx` is not installed.
    """
    path = check_input(path)
    named = _NAMED_HASH.search(path.name)
    if named is None:
        raise InputError(
            f"{path} does not tell its hash in its name; keep the name it is published under, "
            f"{' or '.join(PUBLISHED)}."
        )
    digest = _sha256(path)
    if not digest.startswith(named.group(1)):
        raise InputError(
            f"{path} is not what its name says: its SHA-256 begins with {digest[:16]}; download it "
            "again."
        )
    weights = named_weights(load_tensors(path), path)
    target = (weights_folder() if folder is None else folder) / FOLDER
    with new_model_folder(target) as temporary:
        metadata = {HASH_KEY: weights_hash(weights), "source": path.name}
        write_onnx(weights, temporary / NETWORK_FILE, metadata)
        np.savez(temporary / ARRAYS_FILE, **weights)
    return target


def named_weights(tensors: Mapping[str, np.ndarray], path: Path) -> dict[str, np.ndarray]:
    """The weights that the net has, float32, of those that a file holds; a classifier is left out.

    Raises:
        InputError: one is missing, has another shape or holds values that are not finite.
    """
    weights = {}
    for layer in inception.convolutions():
        kernel = (layer.filters, layer.inputs, layer.kernel, layer.kernel)
        wanted = {f"{layer.name}.weight": kernel, f"{layer.name}.bias": (layer.filters,)}
        for name in inception.NORMALISATION:
            wanted[f"{layer.name}_bn.{name}"] = (layer.filters,)
        for name, shape in wanted.items():
            values = tensors.get(name)
            if values is None:
                raise InputError(f"{path} holds no {name}; it is not BN-Inception's.")
            if values.shape not in (shape, (1, *shape)) or values.dtype.kind != "f":
                raise InputError(
                    f"{name} in {path} is {values.dtype} {values.shape}, but BN-Inception's is "
                    f"{shape}."
                )
            if not np.isfinite(values).all():
                raise InputError(f"{name} in {path} holds values that are not finite.")
            weights[name] = np.ascontiguousarray(values.reshape(shape), np.float32)
    return weights


def weights_hash(weights: Mapping[str, np.ndarray]) -> str:
    """SHA-256 of names and values, whatever file they came from."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(weights[name], "<f4").tobytes())
    return digest.hexdigest()


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """The imported arrays.

    Raises:
        InputError: the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            return named_weights(dict(stored), path)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} is damaged; import the weights again.") from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
