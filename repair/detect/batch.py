"""Batches of byte records in one buffer, examined in one compiled call."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
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
    """Records side by side: record i is ``data[offsets[i]:offsets[i + 1]]`` (uint8, int64)."""

    data: Data
    offsets: Offsets

    def records(self) -> Iterator[bytes]:
        """Yield the bytes of each record."""
        for start, end in pairwise(self.offsets.tolist()):
            yield self.data[start:end].tobytes()


def batch_of(records: Sequence[bytes] | pa.BinaryArray) -> Batch:
    """Put records side by side; an Arrow array is not copied. Null counts as empty."""
    if isinstance(records, pa.Array | pa.ChunkedArray):
        return _of_arrow(records)
    offsets = np.fromiter(accumulate(map(len, records), initial=0), np.int64, len(records) + 1)
    return Batch(np.frombuffer(b"".join(records), np.uint8), offsets)


def _of_arrow(records: pa.BinaryArray | pa.ChunkedArray) -> Batch:
    array = records.cast(pa.large_binary())
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    if array.null_count:
        array = array.fill_null(b"")
    _, offsets, data = array.buffers()
    if not len(array) or data is None:
        return Batch(np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64))
    starts = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return Batch(np.frombuffer(data, np.uint8), starts)


def examined(batch: Batch) -> Examined:
    """Examine every record of a batch."""
    count = len(batch.offsets) - 1
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
    examine(decoders, load().tables, -log_priors(), batch.data, batch.offsets, found)
    return found
