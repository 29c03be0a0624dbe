"""The file of the model: named arrays behind a small header, mapped into memory and so shared between processes.

Eight bytes of magic, the version of the format and the length of the directory (two little-endian uint32), the
directory (JSON: name → dtype, shape, offset), then the arrays, each at a multiple of 64 bytes, a line of the cache.
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = b"MOJIMODL"
FORMAT = 4
_HEAD = struct.Struct("<8sII")
_LINE = 64

Arrays = dict[str, npt.NDArray[np.generic]]


def write(path: Path, arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
    """Write the arrays; the same arrays give the same bytes."""
    directory: dict[str, list[object]] = {}
    offset = 0
    for name, array in arrays.items():
        directory[name] = [array.dtype.str, list(array.shape), offset]
        offset += _aligned(array.nbytes)
    text = json.dumps(directory).encode()
    text += b" " * (_aligned(_HEAD.size + len(text)) - _HEAD.size - len(text))
    with path.open("wb") as file:
        file.write(_HEAD.pack(MAGIC, FORMAT, len(text)) + text)
        for array in arrays.values():
            file.write(array.tobytes().ljust(_aligned(array.nbytes), b"\0"))


def read(path: Path) -> Arrays:
    """Map the arrays of a file, read-only; raise `ValueError` where this version cannot read it."""
    mapped = np.memmap(path, np.uint8, "r") if path.stat().st_size >= _HEAD.size else np.zeros(_HEAD.size, np.uint8)
    magic, version, length = _HEAD.unpack(mapped[: _HEAD.size].tobytes())
    if (magic, version) != (MAGIC, FORMAT):
        raise ValueError(f"{path.name} is no model of format {FORMAT}: rebuild it with python -m flows.build_model")
    start = _HEAD.size + length
    directory = json.loads(mapped[_HEAD.size : start].tobytes())
    return {name: _array(mapped, start, *entry) for name, entry in directory.items()}


def _array(
    mapped: npt.NDArray[np.uint8], start: int, dtype: str, shape: list[int], offset: int
) -> npt.NDArray[np.generic]:
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    return np.asarray(mapped[start + offset : start + offset + size]).view(dtype).reshape(shape)


def _aligned(size: int) -> int:
    return -(-size // _LINE) * _LINE
