"""NumPy arrays as `TensorProto` messages and back."""

import math
from typing import Any

import numpy as np

from vsg_tf.errors import InputError
from vsg_tf.serving.protocol import DATA_TYPES, TensorProto

# TensorFlow's name of a type, NumPy's, and the field that may hold values one by one.
_NUMERIC = (
    ("DT_FLOAT", "<f4", "float_val"),
    ("DT_DOUBLE", "<f8", "double_val"),
    ("DT_INT32", "<i4", "int_val"),
    ("DT_INT64", "<i8", "int64_val"),
    ("DT_UINT8", "|u1", "int_val"),
    ("DT_BOOL", "|b1", "bool_val"),
)
_NUMBERS = {name: value.number for name, value in DATA_TYPES.values_by_name.items()}
_FIELDS = {_NUMBERS[name]: (np.dtype(dtype), field) for name, dtype, field in _NUMERIC}
_TYPES = {dtype: number for number, (dtype, _) in _FIELDS.items()}
_PLAIN = {"<f8": "<f4", "<i8": "<i4"}  # Python's numbers, as TensorFlow takes them
STRING = _NUMBERS["DT_STRING"]


def type_name(number: int) -> str:
    """What a person calls a data type: `float`, `string`; `type 999` where there is none."""
    value = DATA_TYPES.values_by_number.get(number)
    return f"type {number}" if value is None else value.name.removeprefix("DT_").lower()


def encode(value: Any) -> TensorProto:
    """An array, a number, bytes, or nested lists of these as a message.

    Plain Python numbers become float32 and int32; arrays keep their type.
    Bytes must come as Python `bytes` or object arrays: NumPy's own byte strings lose trailing
    zeros.

    Raises:
        InputError: the type has no counterpart.
    """
    if not isinstance(value, np.ndarray):
        value = np.array(value, dtype=object if _holds_bytes(value) else None)
        value = value.astype(_PLAIN.get(value.dtype.str, value.dtype))
    proto = TensorProto()
    for size in value.shape:
        proto.tensor_shape.dim.add(size=size)
    if value.dtype == object:
        proto.dtype = STRING
        if not all(isinstance(item, bytes) for item in value.flat):
            raise InputError("An array of objects can be sent only if each of them is bytes.")
        proto.string_val.extend(value.flat)
        return proto
    number = _TYPES.get(value.dtype.newbyteorder("<"))
    if number is None:
        raise InputError(f"An array of {value.dtype} cannot be sent; convert it to float32.")
    proto.dtype = number
    proto.tensor_content = value.astype(value.dtype.newbyteorder("<"), copy=False).tobytes()
    return proto


def _holds_bytes(value: Any) -> bool:
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, bytes)


def decode(proto: TensorProto, max_values: int | None = None) -> np.ndarray:
    """A message as an array (of bytes objects for strings), which may be read-only.

    Args:
        proto: from anyone; nothing in it is trusted.
        max_values: refuses more, before memory is used.

    Raises:
        InputError: it contradicts itself, is too large or has a type that is not supported.
    """
    shape = [dim.size for dim in proto.tensor_shape.dim]
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise InputError("has an unknown shape; send every dimension.")
    count = math.prod(shape)
    if max_values is not None and count > max_values:
        raise InputError(f"holds {count} values; at most {max_values} are taken.")
    if proto.dtype == STRING:
        return _strings(proto, shape, count)
    if proto.dtype not in _FIELDS:
        raise InputError(f"is of {type_name(proto.dtype)}, which is not supported.")
    dtype, field = _FIELDS[proto.dtype]
    content = proto.tensor_content
    if content:
        if len(content) != count * dtype.itemsize:
            raise InputError(
                f"holds {len(content)} bytes; its shape {shape} needs {count * dtype.itemsize}."
            )
        raw = np.frombuffer(content, np.uint8 if dtype == np.bool_ else dtype)
        values = raw != 0 if dtype == np.bool_ else raw
    else:
        with np.errstate(over="ignore"):
            values = _fill(np.array(getattr(proto, field)), count, shape).astype(dtype)
    return values.reshape(shape)


def _fill(values: np.ndarray, count: int, shape: list[int]) -> np.ndarray:
    """The protocol lets the last value stand for all that follow it."""
    if len(values) == count:
        return values
    if not 0 < len(values) < count:
        raise InputError(f"holds {len(values)} values; its shape {shape} needs {count}.")
    return np.concatenate([values, np.full(count - len(values), values[-1])])


def _strings(proto: TensorProto, shape: list[int], count: int) -> np.ndarray:
    if len(proto.string_val) != count:
        raise InputError(f"holds {len(proto.string_val)} strings; its shape {shape} needs {count}.")
    values = np.empty(count, dtype=object)
    values[:] = list(proto.string_val)
    return values.reshape(shape)
