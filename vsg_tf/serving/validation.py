"""Requests held against the signature that they ask, before anything is computed."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.serving.refusal import invalid
from vsg_tf.serving.tensors import STRING, decode, type_name

# Where NaN is a value of the export: a reference without events, unused rows of an event list.
NAN_IS_A_VALUE = frozenset({"ring_s", "events"})


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a request is refused rather than computed.

    Args:
        batch: examples of one request.
        frames: length of a sequence of feature or mel frames, or of pictures.
        samples: length of a waveform.
        values: numbers or strings of one tensor.
        string_bytes: length of one string, an encoded picture or sound.
    """

    batch: int = 64
    frames: int = 16_384
    samples: int = 4_000_000
    values: int = 16_000_000
    string_bytes: int = 32 << 20


def check_inputs(definition: Any, tensors: Any, limits: Limits) -> dict[str, np.ndarray]:
    """Decode the tensors of a request for one signature.

    Args:
        definition: the signature's `SignatureDef`.
        tensors: `TensorProto` by name, as they came over the wire.
        limits: see `Limits`.

    Returns:
        Arrays that have the names, types, ranks and widths of the signature, one batch size,
        lengths within the limits, and finite numbers.

    Raises:
        Refusal: with INVALID_ARGUMENT and a sentence that names the input.
    """
    wanted = definition.inputs
    for name in tensors:
        if name not in wanted:
            near = get_close_matches(name, wanted, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; it takes {_listed(wanted)}."
            raise invalid(f"The signature has no input {name!r}{hint}")
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise invalid(f"The input {missing[0]!r} is missing; send {_listed(wanted)}.")
    arrays = {
        name: _check_input(name, wanted[name], tensors[name], limits) for name in sorted(wanted)
    }
    sizes = {name: len(array) for name, array in arrays.items() if array.ndim}
    if len(set(sizes.values())) > 1:
        shown = ", ".join(f"{name}: {size}" for name, size in sizes.items())
        raise invalid(f"All inputs must have one batch size, not {shown}.")
    return arrays


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _check_input(name: str, wanted: Any, proto: Any, limits: Limits) -> np.ndarray:
    if proto.dtype != wanted.dtype:
        raise invalid(
            f"The input {name!r} must be {type_name(wanted.dtype)}, not {type_name(proto.dtype)}."
        )
    shape = [dim.size for dim in wanted.tensor_shape.dim]
    given = [dim.size for dim in proto.tensor_shape.dim]
    fits = wanted.tensor_shape.unknown_rank or (
        len(given) == len(shape)
        and all(size in (-1, other) for size, other in zip(shape, given, strict=True))
    )
    if not fits:
        asked = ", ".join("any" if size < 0 else str(size) for size in shape)
        raise invalid(f"The input {name!r} must have the shape [{asked}], not {given}.")
    _check_lengths(name, given, proto.dtype, limits)
    try:
        array = decode(proto, limits.values)
    except InputError as error:
        raise invalid(f"The input {name!r} {error}") from error
    if proto.dtype == STRING:
        longest = max(map(len, array.flat))
        if longest > limits.string_bytes:
            raise invalid(
                f"The input {name!r} holds a string of {longest} bytes; at most "
                f"{limits.string_bytes} are taken."
            )
    elif array.dtype.kind == "f" and name not in NAN_IS_A_VALUE and not np.isfinite(array).all():
        raise invalid(f"The input {name!r} holds NaN or infinity; clean the data.")
    return array


def _check_lengths(name: str, shape: list[int], dtype: int, limits: Limits) -> None:
    if 0 in shape:
        what = "an empty batch" if shape[0] == 0 else f"no values (shape {shape})"
        raise invalid(f"The input {name!r} holds {what}; send at least one.")
    if shape and shape[0] > limits.batch:
        raise invalid(
            f"The input {name!r} holds {shape[0]} examples; at most {limits.batch} are taken."
        )
    if len(shape) > 1:
        is_waveform = len(shape) == 2 and dtype != STRING
        longest, unit = (limits.samples, "samples") if is_waveform else (limits.frames, "frames")
        if shape[1] > longest:
            raise invalid(
                f"The input {name!r} is {shape[1]} {unit} long; at most {longest} are taken, so "
                "send it in parts."
            )
