"""The networks on ONNX Runtime, without TensorFlow."""

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np

from vsg_tf.audio.phases import edge_frames, initial_turns
from vsg_tf.config import Config, load_config
from vsg_tf.errors import InputError
from vsg_tf.extras import require
from vsg_tf.inference.runtimes.onnx_interface import GraphInterface, graph_file, graph_interfaces
from vsg_tf.model_folder import CONFIG_FILE, SEEING_KINDS, check_kind

_TYPES = {"tensor(float)": "float", "tensor(int32)": "int32"}
# How the place of weights outside the file is written; they could be read from anywhere.
_EXTERNAL = b"\x0a\x08location\x12"


class OnnxNetworks:
    """Graphs from a folder that `vsg export --format onnx` wrote; see `Networks`.

    Args:
        path: the folder.
        kinds: values of `model.kind` that can be used.
        threads: of each graph; 0: as many as there are cores.

    Raises:
        InputError: the folder is incomplete, damaged or of another kind, or its graphs are not for
            its config.
        ConfigError: its configuration is not valid.
        MissingExtraError: ONNX Runtime is not installed.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        kinds: Collection[str] = SEEING_KINDS,
        threads: int = 0,
    ):
        self.folder = Path(path)
        if not (self.folder / CONFIG_FILE).is_file():
            raise InputError(f"{self.folder} is not a model folder: it has no {CONFIG_FILE}.")
        self.config: Config = load_config(self.folder / CONFIG_FILE)
        check_kind(self.folder, self.config.model.kind, kinds)
        self._runtime = require("onnxruntime", extra="onnx")
        self._threads = threads
        vocoder = (self.folder / graph_file("vocoder")).is_file()
        interfaces = graph_interfaces(self.config, vocoder)
        # log_mel is for other programs: here the recording is heard as it was in training.
        self._sessions = {
            name: self._session(name, interface)
            for name, interface in interfaces.items()
            if name != "log_mel"
        }

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        return self._run("event_logits", features=features[None])["event_logits"][0]

    def encode_reference(self, mel: np.ndarray) -> dict[str, np.ndarray]:
        if "encode_reference" not in self._sessions:  # a model that hears no reference
            return {}
        return self._run("encode_reference", mel=mel[None])

    def decode(
        self, drive: np.ndarray, reference: dict[str, Any], background: np.ndarray, frames: int
    ) -> np.ndarray:
        inputs = {"drive": drive[None], "background": background[None], **reference}
        if self.config.model.events.enabled:
            inputs["frames"] = np.array([frames], np.int32)
        return self._run("decode", **inputs)["mel"][0]

    def waveform(self, mel: np.ndarray, seed: int) -> np.ndarray:
        audio = self.config.audio
        frames = len(mel) + 2 * edge_frames(audio)
        turns = initial_turns(seed, frames, audio.n_fft // 2 + 1)
        return self._run("waveform", mel=mel[None], phases=turns)["waveform"][0]

    def vocoder(self) -> Callable[[np.ndarray], np.ndarray]:
        if "vocoder" not in self._sessions:
            raise InputError(
                f"{self.folder} holds no {graph_file('vocoder')}: its model had no vocoder when it "
                "was exported; export one that has, or choose another renderer."
            )
        return lambda mel: self._run("vocoder", mel=mel[None])["waveform"][0]

    def _session(self, name: str, interface: GraphInterface):
        path = self.folder / graph_file(name)
        if not path.is_file():
            raise InputError(f"{self.folder} is not a whole ONNX model: it has no {path.name}.")
        content = path.read_bytes()
        if _EXTERNAL in content:
            raise InputError(f"{path} points to data in other files, which is not allowed.")
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        # Threads that wait awake save nothing here, and starve whatever else runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # what goes wrong is told by the exception
        try:
            session = self._runtime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime's errors have no base of their own
            raise InputError(f"{path} is damaged or no ONNX file; export it again.") from error
        _check_ports(path, session, interface)
        return session

    def _run(self, name: str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        session = self._sessions[name]
        outputs = [port.name for port in session.get_outputs()]
        # A graph has only those inputs that its model listens to.
        wanted = {port.name: inputs[port.name] for port in session.get_inputs()}
        try:
            return dict(zip(outputs, session.run(outputs, wanted), strict=True))
        except Exception as error:  # as above
            path = self.folder / graph_file(name)
            raise InputError(f"{path} cannot be run ({error}); export it again.") from error


def _check_ports(path: Path, session, interface: GraphInterface) -> None:
    found = session.get_inputs()
    wanted = {port.name: port for port in interface.inputs}
    if not {port.name for port in found} <= set(wanted):
        raise InputError(f"{path} has other inputs than a model of its config; export it again.")
    given = {port.name: port for port in session.get_outputs()}
    pairs = [(port, wanted[port.name]) for port in found]
    for port in interface.outputs:
        if port.name not in given:
            raise InputError(f"{path} has no output {port.name}; export it again.")
        pairs.append((given[port.name], port))
    for port, expected in pairs:
        same = len(port.shape) == len(expected.shape) and all(
            isinstance(want, str) or have == want
            for have, want in zip(port.shape, expected.shape, strict=True)
        )
        if not same or _TYPES.get(port.type) != expected.dtype:
            raise InputError(
                f"{port.name} in {path} is {port.type} {port.shape}, which does not fit its "
                "config.yaml; export it again."
            )
