"""The networks on a model server; see `inference.runtimes.networks.Networks` for the methods."""

from collections.abc import Callable

import numpy as np
import yaml

from vsg_tf.config import parse_config
from vsg_tf.errors import ConfigError, InputError, ServerError
from vsg_tf.serving.client import Client


class RemoteNetworks:
    """A model behind TensorFlow Serving or `vsg serve`, used like one on this machine.

    Signal processing stays here; only what the trained networks compute goes over the wire.

    Args:
        client: of a model that `vsg export --format saved_model` wrote.

    Raises:
        ServerError: the server cannot be reached, or serves another kind of model.
    """

    def __init__(self, client: Client):
        self._client = client
        try:
            described = client.predict("describe", {})
            text = described["config_yaml"].item()
            self._has_vocoder = bool(described["has_vocoder"])
            self.config = parse_config(yaml.safe_load(text), f"the model at {client.address}")
        except (KeyError, ValueError, AttributeError, yaml.YAMLError, ConfigError) as error:
            raise ServerError(
                "FAILED_PRECONDITION",
                f"The model {client.model!r} at {client.address} does not describe itself as this "
                "version of vsg_tf expects; export it again with this version.",
            ) from error

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        return self._ask("network_event_logits", {"features": features[None]}, "event_logits")

    def encode_reference(self, mel: np.ndarray) -> dict[str, np.ndarray]:
        return self._client.predict("network_encode_reference", {"mel": mel[None]})

    def decode(
        self,
        drive: np.ndarray,
        reference: dict[str, np.ndarray],
        background: np.ndarray,
        frames: int,
    ) -> np.ndarray:
        inputs = {
            "drive": drive[None],
            "background": background[None],
            "frames": np.array([frames], np.int32),
        }
        return self._ask("network_decode", {**reference, **inputs}, "mel")

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        inputs = {"mel": mel[None], "seed": np.array([seed], np.int32)}
        return self._ask("network_waveform", inputs, "waveform")

    def vocoder(self) -> Callable[[np.ndarray], np.ndarray]:
        if not self._has_vocoder:
            raise InputError(
                f"The model {self._client.model!r} at {self._client.address} was exported without "
                "a vocoder; export one that has it, or choose another renderer."
            )
        return lambda mel: self._ask("network_vocoder", {"mel": mel[None]}, "waveform")

    def _ask(self, signature: str, inputs: dict[str, np.ndarray], output: str) -> np.ndarray:
        return self._client.predict(signature, inputs, [output])[output][0]
