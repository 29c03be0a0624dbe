"""Columns: Arrow in, Arrow out, with the input's length and order.

Triage looks at whole buffers; only what it suspects becomes Python strings, each distinct value once. Text in which
nothing was changed comes back as the very array that came in.
"""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from repair.columns.assembling import batch_of, schema_of
from repair.columns.deciding import decide
from repair.columns.edits import EDIT, edit_row
from repair.lost import RESIDUE
from repair.policy import Policy

__all__ = ["EDIT", "SCHEMA", "edit_row", "repair_column", "residue"]
SCHEMA = schema_of(pa.string())
"""What `repair_column` returns for a column of strings; of another type of text, ``text`` has that type."""


def repair_column(column: pa.Array | pa.ChunkedArray, policy: Policy | None = None) -> pa.RecordBatch | pa.Table:
    """Repair a column of text; nulls stay null. A chunked column gives a table with the same chunks.

    The columns are those of `SCHEMA`; ``text`` keeps the type that was given, and is the very array that was given
    where nothing was changed; ``chain`` is JSON (`repair.stored`). Raises `TypeError` where the column holds no text.
    """
    if not _is_text(column.type):
        raise TypeError(f"a column of text is needed, not {column.type}")
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    repair = _repair_dictionaries if pa.types.is_dictionary(column.type) else _repair_chunks
    batches = repair(chunks, policy or Policy())
    if isinstance(column, pa.ChunkedArray):
        return pa.Table.from_batches(batches, schema_of(column.type))
    return batches[0]


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _repair_chunks(chunks: Sequence[pa.Array], policy: Policy) -> list[pa.RecordBatch]:
    # Arrow has few functions for views; to look at one costs a copy, which is gone again where nothing is changed.
    plain = [chunk.cast(pa.large_string()) if pa.types.is_string_view(chunk.type) else chunk for chunk in chunks]
    which, answers = decide(plain, policy)
    batches = [batch_of(*pair, answers) for pair in zip(plain, which, strict=True)]
    return [_in_type_of(chunk, *pair) for chunk, *pair in zip(chunks, plain, batches, strict=True)]


def _in_type_of(chunk: pa.Array, plain: pa.Array, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Give the texts of a batch the type of the chunk that it came from."""
    if chunk.type == plain.type:
        return batch
    text, *others = batch.columns
    text = chunk if text.equals(plain) else text.cast(chunk.type)
    return pa.RecordBatch.from_arrays([text, *others], schema=schema_of(chunk.type))


def _repair_dictionaries(chunks: Sequence[pa.DictionaryArray], policy: Policy) -> list[pa.RecordBatch]:
    """Repair the distinct values, then give each row what its value got."""
    repaired = _repair_chunks([chunk.dictionary for chunk in chunks], policy)
    return [_spread(chunk, batch) for chunk, batch in zip(chunks, repaired, strict=True)]


def _spread(chunk: pa.DictionaryArray, repaired: pa.RecordBatch) -> pa.RecordBatch:
    rows = [column.take(chunk.indices) for column in repaired.columns]
    if repaired.column("text").equals(chunk.dictionary):
        text = chunk
    else:  # encoded anew: two values may have become one
        text = rows[0].cast(chunk.type.value_type).dictionary_encode().cast(chunk.type)
    return pa.RecordBatch.from_arrays([text, *rows[1:]], schema=schema_of(chunk.type))


def residue(column: pa.Array | pa.ChunkedArray) -> pa.BooleanArray:
    """Say of each value whether it still shows damage: U+FFFD, 锟斤拷, uninitialised memory, C1 controls, ï¿½ or â€.

    Nulls show none. Works on whole Arrow buffers (RE2).
    """
    found = pc.match_substring_regex(column, RESIDUE)
    return pc.fill_null(found, False)  # noqa: FBT003 - Arrow's own signature
