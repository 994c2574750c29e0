"""Tensors out of PyTorch's files (`.pth`), without PyTorch and without running code from them.

Such a file is a pickle that names storages, and the storages' bytes: since PyTorch 1.6 in a zip
archive, before that one after the other. Only what makes up plain tensors is let through.
"""

import collections
import io
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vsg_tf.containers import check_input
from vsg_tf.errors import InputError

_LARGEST = 2 * 2**30  # bytes
_MAGIC = 0x1950A86A20F9469CFC6C
_TYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "|b1",
}


def load_tensors(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a state dictionary, by name.

    Raises:
        InputError: the file is missing, damaged, too large, or holds anything but named tensors.
    """
    path = check_input(path)
    if path.stat().st_size > _LARGEST:
        raise InputError(f"{path} is larger than 2 GiB; that is no file of weights known here.")
    try:
        read = _read_archive if zipfile.is_zipfile(path) else _read_stream
        named = read(path)
        if not isinstance(named, dict):
            raise pickle.UnpicklingError("no dictionary")
        tensors = {}
        for name, value in named.items():
            if not isinstance(name, str) or not isinstance(value, _Tensor):
                raise pickle.UnpicklingError(f"{name!r} is no tensor")
            tensors[name] = value.array()
    except Exception as error:  # a damaged pickle may raise nearly anything
        raise InputError(
            f"{path} is not a file of plain tensors ({error}); download it again."
        ) from error
    return tensors


@dataclass
class _Storage:
    """A run of numbers, whose bytes may come later."""

    dtype: np.dtype
    count: int
    content: bytes | None = None


@dataclass
class _Tensor:
    """A view of a storage."""

    storage: _Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]

    def array(self) -> np.ndarray:
        storage = self.storage
        numbers = (self.offset, *self.size, *self.stride)
        if len(self.size) != len(self.stride) or any(
            type(number) is not int or number < 0 for number in numbers
        ):
            raise ValueError("a tensor has a wrong shape")
        reach = sum((n - 1) * step for n, step in zip(self.size, self.stride, strict=True))
        empty = 0 in self.size
        if storage.content is None or (not empty and self.offset + reach >= storage.count):
            raise ValueError("a tensor reaches beyond its storage")
        values = np.frombuffer(storage.content, storage.dtype, storage.count)
        if empty:
            return np.empty(self.size, storage.dtype)
        steps = [step * storage.dtype.itemsize for step in self.stride]
        view = np.lib.stride_tricks.as_strided(values[self.offset :], self.size, steps)
        return np.ascontiguousarray(view)


class _TensorUnpickler(pickle.Unpickler):
    """Lets through only what tensors are made of, each by a harmless stand-in."""

    def __init__(self, file: io.BufferedIOBase):
        super().__init__(file, encoding="utf-8")
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if module == "torch" and name in _TYPES:
            return np.dtype(_TYPES[name])
        if (module, name) in _REBUILDERS:
            return _REBUILDERS[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _location, count, *view = pid
        if kind != "storage" or not isinstance(dtype, np.dtype) or any(view):
            raise pickle.UnpicklingError("an unknown kind of storage")
        if type(count) is not int or not 0 <= count * dtype.itemsize <= _LARGEST:
            raise pickle.UnpicklingError("a storage has a wrong length")
        return self.storages.setdefault(str(key), _Storage(dtype, count))


def _rebuild_tensor(storage: _Storage, offset: int, size: tuple, stride: tuple, *_: Any) -> _Tensor:
    if not isinstance(storage, _Storage):
        raise pickle.UnpicklingError("a tensor without a storage")
    return _Tensor(storage, offset, tuple(size), tuple(stride))


def _rebuild_parameter(tensor: _Tensor, *_: Any) -> _Tensor:
    return tensor


_REBUILDERS = {
    ("torch._utils", "_rebuild_tensor"): _rebuild_tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): _rebuild_parameter,
}


def _read_archive(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(names) != 1:
            raise pickle.UnpicklingError("no data.pkl")
        folder = names[0].removesuffix("data.pkl")
        if f"{folder}byteorder" in archive.namelist():
            if archive.read(f"{folder}byteorder") != b"little":
                raise pickle.UnpicklingError("written on a big-endian machine")
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
            raise pickle.UnpicklingError("larger than 2 GiB when unpacked")
        unpickler = _TensorUnpickler(io.BytesIO(archive.read(names[0])))
        named = unpickler.load()
        for key, storage in unpickler.storages.items():
            storage.content = archive.read(f"{folder}data/{key}")
    return named


def _read_stream(path: Path) -> Any:
    with path.open("rb") as file:
        if _TensorUnpickler(file).load() != _MAGIC:
            raise pickle.UnpicklingError("no file of PyTorch")
        _TensorUnpickler(file).load()  # version of the protocol
        about = _TensorUnpickler(file).load()
        if not about.get("little_endian", True):
            raise pickle.UnpicklingError("written on a big-endian machine")
        unpickler = _TensorUnpickler(file)
        named = unpickler.load()
        for key in _TensorUnpickler(file).load():
            storage = unpickler.storages[str(key)]
            count = int.from_bytes(file.read(8), "little")
            if count != storage.count:
                raise pickle.UnpicklingError("a storage has another length")
            size = count * storage.dtype.itemsize
            storage.content = file.read(size)
            if len(storage.content) != size:
                raise pickle.UnpicklingError("it is cut off")
    return named
