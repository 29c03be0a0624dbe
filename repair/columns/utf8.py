"""Characters written as UTF-8 into the buffers of columns."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.compiled import borrowing, compiled
from repair.lattice.found import BITS
from repair.rereading.kernel import Points
from repair.triage.utf8 import Bytes

Offsets = npt.NDArray[np.int64]
_POINT = np.uint64((1 << BITS) - 1)
_PACKED = 3
_WIDEST = 4
_ENDS = (0x80, 0x800, 0x10000)
"""The first characters of two, three and four bytes."""


def strings(points: Points, starts: Offsets, ends: Offsets) -> pa.LargeStringArray:
    """Return slices of characters as strings."""
    data = np.empty(_WIDEST * int((ends - starts).sum()), np.uint8)
    return _array(data, _written(points, starts, ends, data))


def packed_strings(texts: npt.NDArray[np.uint64]) -> pa.LargeStringArray:
    """Return texts of up to three packed code points, as the search has alternatives, as strings."""
    data = np.empty(_PACKED * _WIDEST * len(texts), np.uint8)
    return _array(data, _unpacked(texts, data))


def _array(data: Bytes, offsets: Offsets) -> pa.LargeStringArray:
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(data))


@compiled
def _written(points: Points, starts: Offsets, ends: Offsets, out: Bytes) -> Offsets:
    """Write the characters ``points[starts[i]:ends[i]]`` in UTF-8, one slice after the other; return their offsets."""
    offsets = np.zeros(len(starts) + 1, np.int64)
    at = np.int64(0)
    for row in range(len(starts)):
        for place in range(starts[row], ends[row]):
            at = _write(np.int64(points[place]), out, at)
        offsets[row + 1] = at
    return offsets


@compiled
def _unpacked(texts: npt.NDArray[np.uint64], out: Bytes) -> Offsets:
    """Write texts of up to three packed code points in UTF-8, one after the other; return their offsets."""
    offsets = np.zeros(len(texts) + 1, np.int64)
    at = np.int64(0)
    for row in range(len(texts)):
        for place in range(_PACKED - 1, -1, -1):
            point = np.int64((texts[row] >> np.uint64(place * BITS)) & _POINT)
            if point:
                at = _write(point, out, at)
        offsets[row + 1] = at
    return offsets


@borrowing
def _write(point: int, out: Bytes, at: int) -> int:
    """Write a character in UTF-8; return the byte after it."""
    if point < _ENDS[0]:
        out[at] = point
        return at + 1
    size = 2 + (point >= _ENDS[1]) + (point >= _ENDS[2])
    for place in range(size - 1, 0, -1):
        out[at + place] = 0x80 | (point & 0x3F)
        point >>= 6
    out[at] = (0xF00 >> size) & 0xFF | point
    return at + size
