"""Batches of byte records in one buffer, examined in one compiled call."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.detect.decoders import load_decoders, log_priors
from repair.detect.decoding import Data
from repair.detect.examination import Examined, examine
from repair.language import load

Offsets = npt.NDArray[np.int64]


class Batch(NamedTuple):
    """Records within one buffer: record i is ``data[starts[i]:ends[i]]`` (uint8[bytes], int64[m], int64[m])."""

    data: Data
    starts: Offsets
    ends: Offsets

    def records(self) -> Iterator[bytes]:
        """Yield the bytes of each record."""
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            yield self.data[start:end].tobytes()

    def without(self, size: int) -> "Batch":
        """Return the batch with records of ``size`` bytes and more made empty."""
        return Batch(self.data, self.starts, np.where(self.ends - self.starts < size, self.ends, self.starts))


def batch_of(records: Sequence[bytes] | pa.BinaryArray) -> Batch:
    """Put records side by side; an Arrow array is not copied. Null counts as empty."""
    if isinstance(records, pa.Array | pa.ChunkedArray):
        return _of_arrow(records)
    offsets = np.fromiter(accumulate(map(len, records), initial=0), np.int64, len(records) + 1)
    return Batch(np.frombuffer(b"".join(records), np.uint8), offsets[:-1], offsets[1:])


def _of_arrow(records: pa.BinaryArray | pa.ChunkedArray) -> Batch:
    array = records.cast(pa.large_binary())
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if array.null_count:
        array = array.fill_null(b"")
    _, offsets, data = array.buffers()
    if not len(array) or data is None:
        return Batch(np.zeros(0, np.uint8), np.zeros(len(array), np.int64), np.zeros(len(array), np.int64))
    places = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return Batch(np.frombuffer(data, np.uint8), places[:-1], places[1:])


def examined(batch: Batch) -> Examined:
    """Examine every record of a batch."""
    count = len(batch.starts)
    decoders = load_decoders()
    found = Examined(
        route=np.zeros(count, np.uint8),
        bits=np.empty((count, len(decoders.kinds))),
        read=np.zeros(count, np.int64),
        escapes=np.zeros(count, np.int64),
        bad=np.zeros(count, np.int64),
        good=np.zeros(count, np.int64),
        rarity=np.zeros(count),
        best=np.zeros(count, np.int64),
        margin=np.zeros(count),
    )
    examine(decoders, load().tables, -log_priors(), batch.data, (batch.starts, batch.ends), found)
    return found
