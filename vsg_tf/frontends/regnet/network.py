"""BN-Inception at work: squashed pictures and flow in, features out."""

from collections.abc import Callable

import numpy as np

from vsg_tf.errors import InputError, VsgError
from vsg_tf.extras import require
from vsg_tf.frontends.onnx_runtime import open_session
from vsg_tf.frontends.regnet.weights import (
    HASH_KEY,
    arrays_file,
    load_arrays,
    network_file,
    weights_hash,
)

BATCH = 16

Network = Callable[[np.ndarray, np.ndarray], np.ndarray]


def load_network(runtime: str, expected: str | None) -> tuple[Network, str]:
    """The imported nets.

    Args:
        runtime: `onnx`, or `tensorflow` (which uses a GPU).
        expected: SHA-256 that the weights must have; None: any.

    Returns:
        A function of pictures uint8 `[frames, 224, 224, 3]` and flow uint8 `[frames, 224, 224, 2]`
        to features float32 `[frames, 2048]`; and the weights' SHA-256.

    Raises:
        InputError: the weights are missing, damaged, or others than expected.
        MissingExtraError: the runtime is not installed.
    """
    network, digest = _on_keras() if runtime == "tensorflow" else _on_onnx()
    if expected is not None and digest != expected:
        raise InputError(
            f"This model's features need BN-Inception's weights {expected[:12]}, but those that "
            f"are imported are {digest[:12]}; import the others with vsg weights import."
        )
    return network, digest


def _on_onnx() -> tuple[Network, str]:
    path = network_file()
    try:
        session = open_session(path.read_bytes())
        digest = session.get_modelmeta().custom_metadata_map[HASH_KEY]
    except VsgError:
        raise
    except Exception as error:  # the runtime's errors have no base of their own
        raise InputError(f"{path} is damaged; import the weights again.") from error

    def network(pictures: np.ndarray, flow: np.ndarray) -> np.ndarray:
        return session.run(["features"], {"pictures": pictures, "flow": flow})[0]

    return network, digest


def _on_keras() -> tuple[Network, str]:
    weights = load_arrays(arrays_file())
    require("tensorflow", extra="tensorflow")
    from vsg_tf.frontends.regnet.keras_net import build_keras_net

    nets = build_keras_net(weights), build_keras_net(weights, flow=True)

    def network(pictures: np.ndarray, flow: np.ndarray) -> np.ndarray:
        streams = zip(nets, (pictures, flow), strict=True)
        return np.concatenate([net.predict_on_batch(values) for net, values in streams], axis=1)

    return network, weights_hash(weights)
