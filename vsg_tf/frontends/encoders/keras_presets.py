"""Encoders of pictures in presets of KerasHub: fetched on the user's word, then read from disk."""

import hashlib
import re
from pathlib import Path

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.extras import require, start_tensorflow
from vsg_tf.frontends.encoders.keras_hub import KerasHubSettings
from vsg_tf.frontends.weights_folder import weights_folder
from vsg_tf.model_folder import new_model_folder

_CONFIG = "config.json"
EXTRA = "keras-hub"


class KerasEncoder:
    """Stacks of pictures to vectors.

    Args:
        model: of one input, pictures or stacks of them.
        converter: KerasHub's, which scales pixels; None: 0..255 becomes 0..1.
        settings: of the front end.

    Attributes:
        digest: SHA-256 of the weights.
    """

    def __init__(self, model, converter, settings: KerasHubSettings):
        self._model, self._converter, self._settings = model, converter, settings
        digest = hashlib.sha256()
        for values in model.get_weights():
            digest.update(np.ascontiguousarray(values).tobytes())
        self.digest = digest.hexdigest()

    def __call__(self, stacks: np.ndarray) -> np.ndarray:
        """Stacks uint8 `[batch, frames, height, width, 3]` to what the model gives."""
        batch, frames = stacks.shape[:2]
        pictures = stacks.reshape(batch * frames, *stacks.shape[2:])
        if self._converter is None:
            values = pictures.astype(np.float32) / 255
        else:
            values = np.asarray(self._converter(pictures), np.float32)
        if len(_shape(self._model)) == 5:
            values = values.reshape(batch, frames, *values.shape[1:])
        given = self._model.input
        inputs = dict.fromkeys(given, values) if isinstance(given, dict) else values
        made = self._model.predict_on_batch(inputs)
        return made[self._settings.output] if isinstance(made, dict) else made


def load_preset(settings: KerasHubSettings) -> KerasEncoder:
    """The encoder of a preset's folder.

    Raises:
        InputError: there is no such preset, it holds no encoder of pictures, or one for other
            pictures or of another width than the settings say, or with other weights than a model
            was trained with.
        MissingExtraError: KerasHub is not installed.
    """
    folder = _find(settings.preset)
    start_tensorflow()
    hub = require("keras_hub", extra=EXTRA)
    try:
        backbone = hub.models.Backbone.from_preset(str(folder))
    except Exception as error:  # whatever its loaders raise
        raise InputError(f"{folder} is no preset of KerasHub ({_first_line(error)}).") from error
    model = getattr(backbone, "vision_encoder", None) or backbone
    _check(folder, model, settings)
    try:
        converter = hub.layers.ImageConverter.from_preset(str(folder))
    except FileNotFoundError:
        converter = None
    encoder = KerasEncoder(model, converter, settings)
    if settings.weights not in (None, encoder.digest):
        raise InputError(
            f"This model's features need the encoder whose weights are {settings.weights[:12]}, "
            f"but those of {folder} are {encoder.digest[:12]}."
        )
    return encoder


def fetch_preset(name: str, folder: Path | None = None) -> Path:
    """Let KerasHub download a preset, and keep its encoder among the user's weights.

    Args:
        name: as KerasHub knows it, such as `clip_vit_base_patch16`, `hf://...` or `kaggle://...`.
        folder: of weights; None: the user's.

    Returns:
        The preset's folder; its last part is what `video.settings.keras_hub.preset` may name.

    Raises:
        InputError: KerasHub cannot fetch it.
        MissingExtraError: KerasHub is not installed.
    """
    start_tensorflow()
    hub = require("keras_hub", extra=EXTRA)
    target = (folder or weights_folder()) / re.sub(r"[^\w.-]+", "_", name.rpartition("//")[2])
    try:
        backbone = hub.models.Backbone.from_preset(name)
        with new_model_folder(target) as temporary:
            backbone.save_to_preset(str(temporary))
            try:
                hub.layers.ImageConverter.from_preset(name).save_to_preset(str(temporary))
            except FileNotFoundError:
                pass  # pixels go in as 0..1 then
    except InputError:
        raise
    except Exception as error:  # as above
        raise InputError(f"KerasHub cannot fetch {name} ({_first_line(error)}).") from error
    return target


def _find(name: str) -> Path:
    if not name:
        raise InputError(
            "The front end keras_hub has no preset; fetch one with vsg weights fetch NAME and name "
            "it with --set video.settings.keras_hub.preset=NAME."
        )
    for path in (Path(name), weights_folder() / Path(name).name):
        if (path / _CONFIG).is_file():
            return path
    raise InputError(
        f"There is no preset {name} here or in {weights_folder()}; fetch it with vsg weights fetch."
    )


def _shape(model) -> tuple[int | None, ...]:
    """Shape of the one input of a model, `()` if it has several."""
    tensors = list(model.input.values()) if isinstance(model.input, dict) else model.input
    tensors = tensors if isinstance(tensors, list) else [tensors]
    return tuple(tensors[0].shape) if len(tensors) == 1 else ()


def _check(folder: Path, model, settings: KerasHubSettings) -> None:
    shape = _shape(model)
    if len(shape) not in (4, 5) or shape[-1] != 3:
        raise InputError(
            f"{folder} is not an encoder of pictures: {type(model).__name__} wants other inputs."
        )
    width, height = settings.size
    frames = shape[1] if len(shape) == 5 else 1
    if frames not in (None, settings.frames):
        raise InputError(f"{folder} wants {frames} pictures at once; set frames to {frames}.")
    if shape[-3] not in (None, height) or shape[-2] not in (None, width):
        raise InputError(
            f"{folder} wants pictures of {shape[-2]} x {shape[-3]}; set size to "
            f"[{shape[-2]}, {shape[-3]}]."
        )
    output = model.output
    if isinstance(output, dict):
        if settings.output not in output:
            raise InputError(f"{folder} gives {', '.join(output)}; set output to one of them.")
        output = output[settings.output]
    if output.shape[-1] != settings.width:
        raise InputError(
            f"{folder} gives {output.shape[-1]} values a vector; set width to {output.shape[-1]}."
        )


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
