"""An ONNX file on ONNX Runtime, checked against its settings when it is loaded."""

import hashlib
from pathlib import Path

import numpy as np

from vsg_tf.containers import check_input
from vsg_tf.errors import InputError, VsgError
from vsg_tf.frontends.encoders.onnx_file import OnnxSettings
from vsg_tf.frontends.onnx_runtime import open_session
from vsg_tf.frontends.weights_folder import weights_folder

_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8}
# How the place of weights outside the file is written; they could be read from anywhere.
_EXTERNAL = b"\x0a\x08location\x12"
_AXES = {"N": "batch", "T": "frames", "C": "colours", "H": "height", "W": "width"}


class OnnxEncoder:
    """Stacks of pictures to vectors.

    Args:
        session: of the file.
        settings: how pictures go in.

    Attributes:
        batch: how many stacks the file takes at once; None: any number.
    """

    def __init__(self, session, settings: OnnxSettings, batch: int | None, dtype: type):
        self._session, self._settings = session, settings
        self.batch = batch
        self._dtype = dtype
        self._output = settings.output or session.get_outputs()[0].name

    def __call__(self, stacks: np.ndarray) -> np.ndarray:
        """Stacks uint8 `[batch, frames, height, width(, 3)]` to what the file gives.

        Raises:
            InputError: the file cannot be run.
        """
        inputs = _arranged(stacks, self._settings, self._dtype)
        missing = (self.batch or len(inputs)) - len(inputs)
        if missing:  # a file for a fixed number of stacks gets copies of the last one
            inputs = np.concatenate([inputs, inputs[-1:].repeat(missing, 0)])
        name = self._session.get_inputs()[0].name
        try:
            values = self._session.run([self._output], {name: inputs})[0]
        except Exception as error:  # the runtime's errors have no base of their own
            raise InputError(f"{self._settings.file} cannot be run ({error}).") from error
        return values[: len(stacks)]


def load_encoder(settings: OnnxSettings) -> tuple[OnnxEncoder, str]:
    """The encoder of a file, and the file's SHA-256.

    Raises:
        InputError: there is no such file, it is damaged, its input or output is another than the
            settings say, or it is not the one that a model was trained with.
    """
    path = find_file(settings.file)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if settings.weights not in (None, digest):
        raise InputError(
            f"This model's features need an ONNX file whose SHA-256 begins with "
            f"{settings.weights[:12]}, but that of {path} begins with {digest[:12]}."
        )
    if _EXTERNAL in content:
        raise InputError(f"{path} points to data in other files; save it as one file.")
    try:
        session = open_session(content)
    except VsgError:
        raise
    except Exception as error:  # as above
        raise InputError(f"{path} is damaged or no ONNX file ({error}).") from error
    batch, dtype = _check_input(path, session, settings)
    _check_output(path, session, settings)
    return OnnxEncoder(session, settings, batch, dtype), digest


def find_file(name: str) -> Path:
    """The file of that path, or of that name in the folder of weights.

    Raises:
        InputError: there is none, or none is named.
    """
    if not name:
        raise InputError(
            "The front end onnx has no file; name one with --set video.settings.onnx.file=PATH."
        )
    path = Path(name)
    kept = weights_folder() / path.name
    if not path.is_file() and not kept.is_file():
        raise InputError(
            f"There is no ONNX file {path}; put it there or, under the name {path.name}, into "
            f"{weights_folder()}."
        )
    return check_input(path if path.is_file() else kept)


def _arranged(stacks: np.ndarray, settings: OnnxSettings, dtype: type) -> np.ndarray:
    values = stacks[..., None] if settings.colour == "gray" else stacks
    if dtype is not np.uint8:
        values = values.astype(np.float32) * np.float32(settings.scale)
        values = (values - np.float32(settings.mean)) / np.float32(settings.deviation)
    layout = settings.layout
    if "T" not in layout:
        values, order = values[:, 0], "NHWC"
    else:
        order = "NTHWC"
    axes = [order.index(axis) for axis in layout]
    return np.ascontiguousarray(values.transpose(axes), dtype)


def _check_input(path: Path, session, settings: OnnxSettings) -> tuple[int | None, type]:
    """How many stacks it takes at once (None: any number), and their type."""
    inputs = session.get_inputs()
    if len(inputs) != 1:
        names = ", ".join(port.name for port in inputs)
        raise InputError(f"{path} wants {len(inputs)} inputs ({names}); one of pictures is needed.")
    (port,) = inputs
    if port.type not in _TYPES:
        raise InputError(f"{path} wants {port.type}; float, float16 or uint8 is needed.")
    layout = settings.layout
    if len(port.shape) != len(layout):
        raise InputError(
            f"{path} wants an input of shape {port.shape}, but layout {layout} has "
            f"{len(layout)} axes; batches of pictures are needed, so export it with a batch axis."
        )
    width, height = settings.size
    channels = 1 if settings.colour == "gray" else 3
    given = {"T": settings.frames, "C": channels, "H": height, "W": width}
    for axis, wanted in zip(layout, port.shape, strict=True):
        if axis != "N" and isinstance(wanted, int) and wanted != given[axis]:
            raise InputError(
                f"{path} wants {wanted} {_AXES[axis]} where layout {layout} and the other settings "
                f"give {given[axis]}; its input is {port.shape}."
            )
    batch = port.shape[layout.index("N")]
    return batch if isinstance(batch, int) else None, _TYPES[port.type]


def _check_output(path: Path, session, settings: OnnxSettings) -> None:
    names = [port.name for port in session.get_outputs()]
    if settings.output is None and len(names) > 1:
        raise InputError(f"{path} has the outputs {', '.join(names)}; set output to one of them.")
    if settings.output is not None and settings.output not in names:
        raise InputError(f"{path} has no output {settings.output!r}; it has {', '.join(names)}.")
    port = session.get_outputs()[names.index(settings.output) if settings.output else 0]
    if not port.type.startswith("tensor(float"):
        raise InputError(f"{path} gives {port.type}; vectors of floats are needed.")
    if len(port.shape) < 2:
        raise InputError(f"{path} gives {port.shape}; a vector for each input is needed.")
    last = port.shape[-1]
    if isinstance(last, int) and last != settings.width:
        raise InputError(f"{path} gives {last} values a vector; set width to {last}.")
