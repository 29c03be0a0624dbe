"""The columns that come out: one row for each value, built without a loop over the clean ones."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.columns.deciding import Decision
from repair.columns.edits import EDIT, edit_lists
from repair.result import Grade
from repair.stored import chain_to_json
from repair.triage import buffers

_GRADES = [str(grade) for grade in Grade]
_WORDS = pa.dictionary(pa.int32(), pa.string())


def schema_of(text: pa.DataType) -> pa.Schema:
    """Return the columns that a column of this type is repaired into."""
    return pa.schema(
        [
            ("text", text),
            ("grade", _WORDS),
            ("evidence", pa.float64()),
            ("edits", pa.list_(EDIT)),
            ("chain", _WORDS),
        ]
    )


def batch_of(chunk: pa.Array, decision: Decision) -> pa.RecordBatch:
    """Return what was decided for a chunk as a batch of its length."""
    null = chunk.is_null().to_numpy(zero_copy_only=False) if chunk.null_count else None
    repairs, which = decision.repairs, decision.which
    chains = [chain_to_json(repair.chain) for repair in repairs]
    columns = [
        _texts(chunk, decision),
        _words([str(repair.grade) for repair in repairs], str(Grade.CLEAN), which, null),
        pa.array(np.array([*(repair.evidence for repair in repairs), 0.0])[which], mask=null),
        edit_lists([repair.edits for repair in repairs], which, null),
        _words(chains, chain_to_json(()), which, null),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema_of(chunk.type))


def _words(
    words: Sequence[str], other: str, which: npt.NDArray[np.int64], null: npt.NDArray[np.bool_] | None
) -> pa.DictionaryArray:
    """Return for each row ``words[which[row]]``, ``other`` for -1, each word held once."""
    numbers = {word: number for number, word in enumerate(dict.fromkeys((other, *words)))}
    codes = np.array([numbers[word] for word in (*words, other)], np.int32)[which]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=null), pa.array(list(numbers), pa.string()))


def _texts(chunk: pa.Array, decision: Decision) -> pa.Array:
    """Return the texts: the chunk itself where none was changed."""
    differs = np.array([*(repair.text != repair.seen for repair in decision.repairs), False])
    rows = np.flatnonzero(differs[decision.which])
    if not len(rows):
        return chunk
    return _replaced(chunk, rows, decision)


def _replaced(chunk: pa.Array, rows: npt.NDArray[np.int64], decision: Decision) -> pa.Array:
    """Copy the bytes of a chunk, with those of some rows (rising) replaced.

    Raises `OverflowError` where the texts of a chunk of ``string`` grow beyond 2 GiB.
    """
    data, offsets = buffers(chunk)
    texts = [decision.repairs[number].text.encode() for number in decision.which[rows].tolist()]
    lengths = np.diff(offsets)
    lengths[rows] = [len(text) for text in texts]
    ends = np.concatenate(([0], np.cumsum(lengths)))
    kind = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    if ends[-1] > np.iinfo(kind).max:
        raise OverflowError(f"{ends[-1]} bytes of text are more than a chunk of {chunk.type} can hold")
    joined = b"".join(_pieces(data, offsets, rows, texts))
    null_map = None if chunk.null_count == 0 else pa.array(~chunk.is_null().to_numpy(zero_copy_only=False)).buffers()[1]
    return pa.Array.from_buffers(
        chunk.type, len(chunk), [null_map, pa.py_buffer(ends.astype(kind)), pa.py_buffer(joined)]
    )


def _pieces(
    data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], texts: Sequence[bytes]
) -> Iterator[memoryview | bytes]:
    """Yield the bytes up to each replaced row, then its new ones; at the end those after the last."""
    kept = data.data
    bounds = [offsets[0], *np.stack((offsets[rows], offsets[rows + 1])).T.ravel(), offsets[-1]]
    for number, (start, end) in enumerate(pairwise(bounds)):
        yield texts[number // 2] if number % 2 else kept[start:end]
