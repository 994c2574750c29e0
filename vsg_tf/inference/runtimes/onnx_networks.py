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
from vsg_tf.inference.runtimes.graph_record import check_record, check_weights
from vsg_tf.inference.runtimes.onnx_interface import GraphInterface, graph_file, graph_interfaces
from vsg_tf.model_folder import (
    CONFIG_FILE,
    SEEING_KINDS,
    VOCODER_WEIGHTS_FILE,
    WEIGHTS_FILE,
    check_kind,
)

_TYPES = {"tensor(float)": "float", "tensor(int32)": "int32"}
# How the place of weights outside the file is written; they could be read from anywhere.
_EXTERNAL = b"\x0a\x08location\x12"


class OnnxNetworks:
    """Graphs that `vsg export --format onnx` wrote; see `Networks`.

    Nothing is read of a graph, nor ONNX Runtime imported, before the graph is run.

    Args:
        path: their folder.
        kinds: values of `model.kind` that can be used.
        threads: of each graph; 0: as many as there are cores.

    Raises:
        InputError: the folder is incomplete or of another kind, or its graphs are not for its
            config or weights. A damaged graph is noticed when it is run first.
        ConfigError: its configuration is not valid.
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
        self._record = check_record(self.folder, self.config)
        check_weights(self.folder, self._record, WEIGHTS_FILE)
        vocoder = (self.folder / graph_file("vocoder")).is_file()
        self._interfaces = graph_interfaces(self.config, vocoder)
        del self._interfaces["log_mel"]  # for other programs: a recording is heard as in training
        for name in self._interfaces:
            if not (self.folder / graph_file(name)).is_file():
                raise InputError(
                    f"{self.folder} is not a whole ONNX model: it has no {graph_file(name)}."
                )
        self._threads = threads
        self._sessions: dict[str, Any] = {}

    def event_logits(self, features: np.ndarray) -> np.ndarray:
        return self._run("event_logits", features=features[None])["event_logits"][0]

    def encode_reference(self, mel: np.ndarray) -> dict[str, np.ndarray]:
        if "encode_reference" not in self._interfaces:  # a model that hears no reference
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
        if "vocoder" not in self._interfaces:
            raise InputError(
                f"{self.folder} holds no {graph_file('vocoder')}: its model had no vocoder when it "
                "was exported; export one that has, or choose another renderer."
            )
        check_weights(self.folder, self._record, VOCODER_WEIGHTS_FILE)
        return lambda mel: self._run("vocoder", mel=mel[None])["waveform"][0]

    def _session(self, name: str):
        """The graph's session, made when it is first asked for."""
        if name in self._sessions:
            return self._sessions[name]
        runtime = require("onnxruntime", extra="onnx")
        path = self.folder / graph_file(name)
        content = path.read_bytes()
        if _EXTERNAL in content:
            raise InputError(f"{path} points to data in other files, which is not allowed.")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        # Threads that wait awake save nothing here, and starve whatever else runs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # what goes wrong is told by the exception
        try:
            session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime's errors have no base of their own
            raise InputError(f"{path} is damaged or no ONNX file; export it again.") from error
        _check_ports(path, session, self._interfaces[name])
        self._sessions[name] = session
        return session

    def _run(self, name: str, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        session = self._session(name)
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
