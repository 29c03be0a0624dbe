"""The columns that come out: one row for each value, built without a loop over the clean ones."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from repair.columns.answers import Answers, Words
from repair.columns.edits import EDIT
from repair.result import Grade
from repair.stored import chain_to_json
from repair.triage import buffers

_WORDS = pa.dictionary(pa.int32(), pa.string())
Which = npt.NDArray[np.int64]
"""For each row the number of its answer, -1 where there is none."""
Null = npt.NDArray[np.bool_] | None


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


def batch_of(chunk: pa.Array, which: Which, answers: Answers) -> pa.RecordBatch:
    """Return what was found for a chunk as a batch of its length."""
    null = chunk.is_null().to_numpy(zero_copy_only=False) if chunk.null_count else None
    columns = [
        _texts(chunk, which, answers),
        _spread(answers.grades, str(Grade.CLEAN), which, null),
        pa.array(np.append(answers.evidence, 0.0)[which], mask=null),
        _edit_lists(answers, which, null),
        _spread(answers.chains, chain_to_json(()), which, null),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema_of(chunk.type))


def _spread(words: Words, other: str, which: Which, null: Null) -> pa.DictionaryArray:
    """Return for each row the word of its answer, ``other`` for -1."""
    numbers, known = words
    known = [*known, other] if other not in known else known
    codes = np.append(numbers, np.int32(known.index(other)))[which]
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=null), pa.array(known, pa.string()))


def _edit_lists(answers: Answers, which: Which, null: Null) -> pa.ListArray:
    """Return for each row the edits of its answer, for -1 none; null where ``null`` says so."""
    sizes = np.append(np.diff(answers.ends), 0)  # the last is that of -1
    counts = sizes[which]
    ends = np.cumsum(counts)
    taken = np.repeat(answers.ends[which] - (ends - counts), counts) + np.arange(counts.sum())
    offsets = pa.array(np.concatenate(([0], ends)), pa.int32())
    flat = answers.edits.take(pa.array(taken)) if len(taken) else pa.array([], EDIT)
    return pa.ListArray.from_arrays(offsets, flat, mask=None if null is None else pa.array(null))


def _texts(chunk: pa.Array, which: Which, answers: Answers) -> pa.Array:
    """Return the texts: the chunk itself where none was changed."""
    rows = np.flatnonzero(np.append(answers.changed, False)[which])
    return _replaced(chunk, rows, which[rows], answers.texts) if len(rows) else chunk


def _replaced(chunk: pa.Array, rows: Which, which: Which, texts: pa.LargeStringArray) -> pa.Array:
    """Copy the bytes of a chunk, those of some rows (rising) replaced by the texts ``which``.

    Raises `OverflowError` where the texts of a chunk of ``string`` grow beyond 2 GiB.
    """
    from repair.columns.kernel import spliced  # noqa: PLC0415 - loads the compiler

    data, offsets = buffers(chunk)
    own = buffers(texts)
    lengths = np.diff(offsets)
    lengths[rows] = np.diff(own[1])[which]
    ends = np.concatenate(([0], np.cumsum(lengths)))
    kind = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    if ends[-1] > np.iinfo(kind).max:
        raise OverflowError(f"{ends[-1]} bytes of text are more than a chunk of {chunk.type} can hold")
    joined = np.empty(int(ends[-1]), np.uint8)
    spliced(data, offsets, rows, own, which, joined)
    valid = None if chunk.null_count == 0 else pa.array(~chunk.is_null().to_numpy(zero_copy_only=False)).buffers()[1]
    return pa.Array.from_buffers(chunk.type, len(chunk), [valid, pa.py_buffer(ends.astype(kind)), pa.py_buffer(joined)])
